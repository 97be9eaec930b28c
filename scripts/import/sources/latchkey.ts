// NDJSON in the form of the contract, as `npm run export` and the refused lines of an import have it.
import { linesIn } from './read.ts';
import type { Source } from './source.ts';

export const latchkey: Source = async function* latchkey(file, { onRead }) {
  for await (const line of linesIn(file, onRead)) yield { line, left: [] };
};
