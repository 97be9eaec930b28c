// The records of a source as bodies of an import: each line checked, and as many in a body as it may have.
import { isProblem, type LineContext, readAccountLine } from '../../src/domain/transfer/account-line.ts';
import type { SourceRecord } from './sources/source.ts';
import type { Result } from './tally.ts';

const MAX_LINES = 2000;
/** Slightly below the 4 MiB of the contract. */
const MAX_BYTES = 4_000_000;

export interface CheckedRecord {
  readonly line: string;
  readonly left: readonly string[];
  /** Why the line would be refused; undefined for one that is sent. */
  readonly refused: Result | undefined;
}

/** Groups of records in their order, `skip` of which have their result already. */
export async function* batchesOf(
  records: AsyncIterable<SourceRecord>,
  skip: number,
  context: LineContext,
): AsyncGenerator<readonly CheckedRecord[]> {
  let batch: CheckedRecord[] = [];
  let bytes = 0;
  let seen = 0;
  for await (const record of records) {
    seen += 1;
    if (seen <= skip) continue;
    const checked = await check(record, context);
    const size = Buffer.byteLength(checked.line) + 1;
    if (batch.length === MAX_LINES || bytes + size > MAX_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(checked);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function check({ line, left }: SourceRecord, context: LineContext): Promise<CheckedRecord> {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  const read = await readAccountLine(text, context);
  return { line: text, left, refused: isProblem(read) ? { result: 'refused', ...read } : undefined };
}
