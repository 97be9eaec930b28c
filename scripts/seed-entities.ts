// Entities for a local database: SQLite makes the rows up itself, a chunk at a time, so that a million are no more work to send than ten.
import { quoted } from './sql.ts';
import { select, write } from './wrangler.ts';

/** One statement each: small enough for D1's 30 seconds a query. */
const CHUNK_ROWS = 20_000;
/** Statements to one start of wrangler. */
const CHUNKS_PER_RUN = 10;
const SPREAD_MS = 30 * 24 * 60 * 60 * 1000;
/** Entities are dealt out to this many accounts. */
const MAX_OWNERS = 100;

const TYPES = ['shoe', 'shirt', 'sock', 'hat', 'glove', 'scarf', 'belt', 'coat', 'bag', 'ring'];
const COLORS = ['red', 'blue', 'green', 'black', 'white', 'yellow', 'brown', 'grey'];
const MATERIALS = ['cotton', 'wool', 'leather', 'silk', 'linen', 'denim', 'rubber'];

interface Seeding {
  readonly owners: readonly number[];
  /** Rows there are before: the codes go on from here. */
  readonly highestId: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly count: number;
}

/** The `i`th of some texts or numbers, where `i` is an SQL expression. */
const nth = (items: readonly (string | number)[], i: string): string =>
  `(${quoted(JSON.stringify(items))} ->> ('$[' || (${i} % ${items.length}) || ']'))`;

/** An SQL expression below `n` that looks random and is the same at every run. */
const scattered = (n: number, salt: number): string => `(((i + ${salt}) * 2654435761 >> 7) % ${n})`;

/** The statement that adds the entities numbered `from` up to, not with, `to`. */
function chunk({ owners, highestId, startMs, endMs, count }: Seeding, from: number, to: number): string {
  const owner = owners.length > 0 ? nth(owners, scattered(owners.length, 1)) : 'NULL';
  const createdAt = `(${startMs} + (${endMs - startMs} * i) / ${count})`;
  return `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, words)
    WITH RECURSIVE numbers(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ${to}),
    made AS (SELECT i, printf('SEED-%07d', ${highestId} + i + 1) AS code, ${nth(TYPES, 'i')} AS type, ${nth(COLORS, scattered(COLORS.length, 2))} AS color,
      ${nth(MATERIALS, scattered(MATERIALS.length, 3))} AS material, ${owner} AS owner_id, ${createdAt} AS created_at FROM numbers)
    SELECT code, type, ${scattered(1000, 4)}, json_object('color', color, 'material', material, 'batch', i / 25),
      owner_id IS NOT NULL AND ${scattered(20, 5)} = 0, owner_id, 1, created_at, created_at + (${endMs} - created_at) * ${scattered(1000, 6)} / 1000,
      json_object('code', json_array(lower(code), 'seed', substr(code, 6)), 'type', json_array(type),
        'attributes', json_array(color, material, '' || i / 25))
    FROM made`;
}

async function seeding(count: number): Promise<Seeding> {
  const owners = await select('--local', `SELECT id FROM accounts ORDER BY id LIMIT ${MAX_OWNERS}`);
  const [last] = await select('--local', 'SELECT id, created_at FROM entities ORDER BY id DESC LIMIT 1');
  const endMs = Math.max(Date.now(), Number(last?.created_at ?? 0));
  const startMs = Math.max(endMs - SPREAD_MS, Number(last?.created_at ?? 0));
  return { owners: owners.map(({ id }) => Number(id)), highestId: Number(last?.id ?? 0), startMs, endMs, count };
}

/** Adds `count` entities to the local database, which has its migrations; tells how many there are so far. */
export async function seedEntities(count: number, onProgress: (done: number) => void = () => {}): Promise<void> {
  const plan = await seeding(count);
  const starts = Array.from({ length: Math.ceil(count / CHUNK_ROWS) }, (_, index) => index * CHUNK_ROWS);
  const statements = starts.map((from) => chunk(plan, from, Math.min(from + CHUNK_ROWS, count)));
  for (let index = 0; index < statements.length; index += CHUNKS_PER_RUN) {
    await write('--local', statements.slice(index, index + CHUNKS_PER_RUN));
    onProgress(Math.min((index + CHUNKS_PER_RUN) * CHUNK_ROWS, count));
  }
  if (count > 0) await write('--local', ['PRAGMA optimize']);
}
