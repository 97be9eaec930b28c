// NDJSON in the form of the contract: what `npm run export` writes, and the lines that an import refused.
import { linesIn } from './read.ts';
import type { Source } from './source.ts';

export const latchkey: Source = async function* latchkey(file, { onRead }) {
  for await (const line of linesIn(file, onRead)) yield { line, left: [] };
};
