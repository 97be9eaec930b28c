// A CSV file of any service, its columns named by --map or as the fields of a line are.
import { lineOf } from './columns.ts';
import { csvRowsIn } from './read.ts';
import type { Source } from './source.ts';

export const csv: Source = async function* csv(file, { map, onRead }) {
  for await (const row of csvRowsIn(file, onRead)) yield lineOf(row, map);
};
