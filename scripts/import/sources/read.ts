// Reading files in pieces: as text, as rows of CSV, and as the items of lists in a JSON document of any size.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { JSONParser } from '@streamparser/json';
import { parse } from 'csv-parse';
import type { Fields } from './values.ts';

type OnRead = (share: number) => void;

function open(file: string, onRead: OnRead): Readable {
  const { size } = statSync(file);
  let read = 0;
  const stream = createReadStream(file);
  stream.on('data', (chunk: Buffer | string) => {
    read += chunk.length;
    onRead(size === 0 ? 1 : read / size);
  });
  stream.pause();
  return stream;
}

/** The lines of a text file, empty ones left out. */
export async function* linesIn(file: string, onRead: OnRead): AsyncGenerator<string> {
  for await (const line of createInterface({ input: open(file, onRead), crlfDelay: Number.POSITIVE_INFINITY }))
    if (line.trim() !== '') yield line;
}

/** The rows of a CSV file by the names in its first row. */
export async function* csvRowsIn(file: string, onRead: OnRead): AsyncGenerator<Fields> {
  const parser = open(file, onRead).pipe(
    parse({ columns: true, bom: true, skip_empty_lines: true, relax_quotes: true }),
  );
  for await (const row of parser) yield row as Fields; // as `columns` makes them
}

export interface JsonItem {
  /** The key of the list in the document; undefined where the document is the list. */
  readonly list: string | undefined;
  readonly item: Fields;
}

/** The items of a list, or of the lists in an object, one after the other. */
export async function* jsonItemsIn(file: string, onRead: OnRead): AsyncGenerator<JsonItem> {
  const parser = new JSONParser({ paths: [isList(file) ? '$.*' : '$.*.*'], keepStack: false });
  let items: JsonItem[] = [];
  parser.onValue = ({ value, key, stack }) => {
    const isItem = typeof key === 'number' && typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isItem) items.push({ list: listOf(stack), item: value as unknown as Fields });
  };
  for await (const chunk of open(file, onRead)) {
    parser.write(chunk);
    yield* items;
    items = [];
  }
}

/** Whether the document in the file is a list. */
function isList(file: string): boolean {
  const start = Buffer.alloc(64);
  const descriptor = openSync(file, 'r');
  const { length } = start.subarray(0, readSync(descriptor, start, 0, start.length, 0));
  closeSync(descriptor);
  return /^\ufeff?\s*\[/.test(start.toString('utf8', 0, length));
}

/** The stack of an item holds the document, and then the list's key. */
const listOf = (stack: readonly { readonly key?: unknown }[]): string | undefined => {
  const key = stack.at(-1)?.key;
  return typeof key === 'string' ? key : undefined;
};
