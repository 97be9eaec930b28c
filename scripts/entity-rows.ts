// Entities made up by SQLite itself: one statement for thousands of rows, which look random and are the same at every
// run.
import { quoted } from './sql.ts';

const TYPES = ['shoe', 'shirt', 'sock', 'hat', 'glove', 'scarf', 'belt', 'coat', 'bag', 'ring'];
const COLORS = ['red', 'blue', 'green', 'black', 'white', 'yellow', 'brown', 'grey'];
const MATERIALS = ['cotton', 'wool', 'leather', 'silk', 'linen', 'denim', 'rubber'];

export interface Seeding {
  /**
   * The accounts that own the entities in turn; `accounts` stands for the first ones that registered before `startMs`.
   * Without any, no entity has an owner or is private.
   */
  readonly owners: readonly number[] | 'accounts';
  /** The highest existing id: the codes continue from it. */
  readonly highestId: number;
  /** `created_at` rises from the first of these to the second. */
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
}

/** The `i`th of some texts or numbers, where `i` is an SQL expression. */
const nth = (items: readonly (string | number)[], i: string): string =>
  `(${quoted(JSON.stringify(items))} ->> ('$[' || (${i} % ${items.length}) || ']'))`;

/** The most owners that `accounts` stands for. */
const MAX_OWNERS = 100;

/** An SQL expression for the JSON array of the owners' ids. */
const ownersIn = ({ owners, startMs }: Seeding): string =>
  owners === 'accounts'
    ? `(SELECT json_group_array(id) FROM
        (SELECT id FROM accounts WHERE created_at <= ${startMs} ORDER BY id LIMIT ${MAX_OWNERS}))`
    : quoted(JSON.stringify(owners));

/** An SQL expression that looks random and is below `n`, a number or an SQL expression; NULL if `n` is 0. */
const scattered = (n: number | string, salt: number): string => `(((i + ${salt}) * 2654435761 >> 7) % ${n})`;

/**
 * The statement that adds the entities numbered from `from` to below `to`. One in 20 of those with an owner is private.
 */
export function entityRows(seeding: Seeding, from: number, to: number): string {
  const { highestId, startMs, endMs, count } = seeding;
  const owner = `(owners ->> ('$[' || ${scattered('json_array_length(owners)', 1)} || ']'))`;
  const spanMs = endMs - startMs;
  const apartMs = Math.max(1, Math.floor(spanMs / count));
  const createdAt = `(${startMs} + (${spanMs} * i) / ${count} + ${scattered(apartMs, 7)})`;
  return `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at,
      words)
    WITH RECURSIVE numbers(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ${to}),
    made AS (SELECT i, printf('SEED-%07d', ${highestId} + i + 1) AS code, ${nth(TYPES, 'i')} AS type,
      ${nth(COLORS, scattered(COLORS.length, 2))} AS color,
      ${nth(MATERIALS, scattered(MATERIALS.length, 3))} AS material,
      ${owner} AS owner_id, ${createdAt} AS created_at, ${scattered(4, 8)} AS changes
      FROM numbers, (SELECT ${ownersIn(seeding)} AS owners))
    SELECT code, type, ${scattered(1000, 4)}, json_object('color', color, 'material', material, 'batch', i / 25),
      owner_id IS NOT NULL AND ${scattered(20, 5)} = 0, owner_id, 1 + changes,
      created_at, created_at + (changes > 0) * (${endMs} - created_at) * ${scattered(1000, 6)} / 1000,
      json_object('code', json_array(lower(code), 'seed', substr(code, 6)), 'type', json_array(type),
        'attributes', json_array(color, material, '' || (i / 25)))
    FROM made`;
}
