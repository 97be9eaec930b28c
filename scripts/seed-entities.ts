// Entities for a local database, a chunk at a time: a million are no more work to send than ten.
import { entityRows, type Seeding } from './entity-rows.ts';
import { select, write } from './wrangler.ts';

/** One statement each: small enough for D1's 30 seconds a query. */
const CHUNK_ROWS = 20_000;
/** Statements to one start of wrangler. */
const CHUNKS_PER_RUN = 10;
const SPREAD_MS = 30 * 24 * 60 * 60 * 1000;
/** Entities are dealt out to this many accounts. */
const MAX_OWNERS = 100;
/** Enough to page through. */
const SOME = 200;

async function seedingOf(count: number): Promise<Seeding> {
  const owners = await select('--local', `SELECT id FROM accounts ORDER BY id LIMIT ${MAX_OWNERS}`);
  const [last] = await select('--local', 'SELECT id, created_at FROM entities ORDER BY id DESC LIMIT 1');
  const endMs = Math.max(Date.now(), Number(last?.created_at ?? 0));
  const startMs = Math.max(endMs - SPREAD_MS, Number(last?.created_at ?? 0));
  return { owners: owners.map(({ id }) => Number(id)), highestId: Number(last?.id ?? 0), startMs, endMs, count };
}

/** Adds `count` entities to the local database, which has its migrations; tells how many there are so far. */
export async function seedEntities(count: number, onProgress: (done: number) => void = () => {}): Promise<void> {
  const seeding = await seedingOf(count);
  const starts = Array.from({ length: Math.ceil(count / CHUNK_ROWS) }, (_, index) => index * CHUNK_ROWS);
  const statements = starts.map((from) => entityRows(seeding, from, Math.min(from + CHUNK_ROWS, count)));
  for (let index = 0; index < statements.length; index += CHUNKS_PER_RUN) {
    await write('--local', statements.slice(index, index + CHUNKS_PER_RUN));
    onProgress(Math.min((index + CHUNKS_PER_RUN) * CHUNK_ROWS, count));
  }
}

/** A few entities where there are fewer. */
export async function seedSomeEntities(): Promise<void> {
  const [found] = await select('--local', 'SELECT count(*) AS n FROM entities');
  if (Number(found?.n) < SOME) await seedEntities(SOME);
}
