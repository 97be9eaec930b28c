// Reading files in pieces: as text, as rows of CSV, and as the items of lists in a JSON document of any size.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { JSONParser } from '@streamparser/json';
import { parse } from 'csv-parse';
import type { Fields } from './values.ts';

type OnRead = (share: number) => void;

/** The bytes of a file, piece by piece. Throws where they are not UTF-8, which would change names. */
async function* chunksOf(file: string, onRead: OnRead): AsyncGenerator<Uint8Array> {
  const { size } = statSync(file);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let read = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    read += chunk.length;
    try {
      decoder.decode(chunk, { stream: read < size });
    } catch {
      throw new Error(`${file} is not UTF-8: convert it first, such as with iconv -f latin1 -t utf-8`);
    }
    onRead(read / size);
    yield chunk;
  }
}

/** In UTF-16 code units: a file without line breaks would not fit in memory. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/** The lines of a text file, empty ones left out. */
export async function* linesIn(file: string, onRead: OnRead): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(file, onRead)) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_LENGTH) throw new Error(`${file} has a line of more than 8 MiB`);
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}

/** The rows of a CSV file by the names in its first row. */
export async function* csvRowsIn(file: string, onRead: OnRead): AsyncGenerator<Fields> {
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, relax_quotes: true });
  // Passes an error of the file to the parser, which the loop throws.
  pipeline(chunksOf(file, onRead), parser, () => {});
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
  for await (const chunk of chunksOf(file, onRead)) {
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
