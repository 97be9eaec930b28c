// Entities for a local database, a chunk at a time: a million are no more work to send than ten.
import { DAY_MS } from '../../src/domain/maintenance/statistics.ts';
import { entityRows, type Seeding } from '../entity-rows.ts';
import { select } from '../wrangler.ts';
import { MONTH_DAYS } from './calendar.ts';

/** One statement each: small enough for D1's 30 seconds a query. */
export const CHUNK_ROWS = 20_000;
/** Enough to page through. */
const SOME = 200;

/** The last entity, and whether any was seeded. */
const FOUND = `SELECT max(id) AS last_id, max(created_at) AS last_created_at,
  EXISTS (SELECT 1 FROM entities WHERE code >= 'SEED-' AND code < 'SEED.') AS seeded FROM entities`;

/**
 * The statements that add `count` entities to the local database, which has its migrations, on top of what is there; some
 * where it is undefined and none was seeded before. They belong to accounts that were there before them.
 */
export async function entityStatements(count: number | undefined, now: number): Promise<readonly string[]> {
  const [found] = await select('--local', FOUND);
  return statementsFor(count ?? (found?.seeded ? 0 : SOME), {
    owners: 'accounts',
    highestId: Number(found?.last_id ?? 0),
    startMs: Math.max(now - MONTH_DAYS * DAY_MS, Number(found?.last_created_at ?? 0)),
    endMs: Math.max(now, Number(found?.last_created_at ?? 0)),
  });
}

function statementsFor(count: number, seeding: Omit<Seeding, 'count'>): readonly string[] {
  const starts = Array.from({ length: Math.ceil(count / CHUNK_ROWS) }, (_, index) => index * CHUNK_ROWS);
  return starts.map((from) => entityRows({ ...seeding, count }, from, Math.min(from + CHUNK_ROWS, count)));
}
