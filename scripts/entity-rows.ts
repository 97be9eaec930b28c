// Entities made up by SQLite itself: one statement for thousands of rows, which look random and are the same at every run.
import { quoted } from './sql.ts';

const TYPES = ['shoe', 'shirt', 'sock', 'hat', 'glove', 'scarf', 'belt', 'coat', 'bag', 'ring'];
const COLORS = ['red', 'blue', 'green', 'black', 'white', 'yellow', 'brown', 'grey'];
const MATERIALS = ['cotton', 'wool', 'leather', 'silk', 'linen', 'denim', 'rubber'];

export interface Seeding {
  /** The accounts they are dealt out to; where there are none, nobody owns them and none is private. */
  readonly owners: readonly number[];
  /** The highest id there is before: the codes go on from here. */
  readonly highestId: number;
  /** `created_at` rises from the first of these to the second. */
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
}

/** The `i`th of some texts or numbers, where `i` is an SQL expression. */
const nth = (items: readonly (string | number)[], i: string): string =>
  `(${quoted(JSON.stringify(items))} ->> ('$[' || (${i} % ${items.length}) || ']'))`;

/** An SQL expression below `n` that looks random. */
const scattered = (n: number, salt: number): string => `(((i + ${salt}) * 2654435761 >> 7) % ${n})`;

/** The statement that adds the entities numbered `from` up to, not with, `to`. One in 20 that have an owner is private. */
export function entityRows({ owners, highestId, startMs, endMs, count }: Seeding, from: number, to: number): string {
  const owner = owners.length > 0 ? nth(owners, scattered(owners.length, 1)) : 'NULL';
  const createdAt = `(${startMs} + (${endMs - startMs} * i) / ${count})`;
  return `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, words)
    WITH RECURSIVE numbers(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ${to}),
    made AS (SELECT i, printf('SEED-%07d', ${highestId} + i + 1) AS code, ${nth(TYPES, 'i')} AS type,
      ${nth(COLORS, scattered(COLORS.length, 2))} AS color, ${nth(MATERIALS, scattered(MATERIALS.length, 3))} AS material,
      ${owner} AS owner_id, ${createdAt} AS created_at FROM numbers)
    SELECT code, type, ${scattered(1000, 4)}, json_object('color', color, 'material', material, 'batch', i / 25),
      owner_id IS NOT NULL AND ${scattered(20, 5)} = 0, owner_id, 1,
      created_at, created_at + (${endMs} - created_at) * ${scattered(1000, 6)} / 1000,
      json_object('code', json_array(lower(code), 'seed', substr(code, 6)), 'type', json_array(type),
        'attributes', json_array(color, material, '' || (i / 25)))
    FROM made`;
}
