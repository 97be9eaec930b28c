// The results of an import so far: counts by result and reason, and the data that was dropped.

export interface Tally {
  /** Records of the source that have their result. */
  records: number;
  imported: number;
  existing: number;
  refused: number;
  /** How often each code came. */
  readonly codes: Record<string, number>;
  /** The number of records for each name of dropped data. */
  readonly left: Record<string, number>;
}

export const newTally = (): Tally => ({ records: 0, imported: 0, existing: 0, refused: 0, codes: {}, left: {} });

const add = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

export interface Result {
  readonly result: 'imported' | 'existing' | 'refused';
  readonly code?: string | undefined;
  readonly path?: string | undefined;
}

/** Counts one record. */
export function count(tally: Tally, { result, code }: Result, left: readonly string[]): void {
  tally.records += 1;
  tally[result] += 1;
  if (code !== undefined) add(tally.codes, code);
  for (const name of left) add(tally.left, name);
}

const listOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} (${times})`)
    .join(', ');

/** The tally in words. `verb` is the result of new accounts. */
export function describe(tally: Tally, verb: string): string {
  const { imported, existing, refused, codes, left } = tally;
  const lines = [`${imported} ${verb}, ${existing} already there, ${refused} refused`];
  if (Object.keys(codes).length > 0) lines.push(`Reasons: ${listOf(codes)}`);
  if (Object.keys(left).length > 0) lines.push(`Left behind: ${listOf(left)}`);
  return lines.join('\n');
}
