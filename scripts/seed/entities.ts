// The statements that add entities to the local database, in chunks: a million take no more text than ten.
import { DAY_MS } from '../../src/domain/maintenance/statistics.ts';
import { entityRows, type Seeding } from '../entity-rows.ts';
import { select } from '../wrangler.ts';
import { MONTH_DAYS } from './calendar.ts';

/** Entities of one statement, few enough for D1's 30 seconds a query. */
export const CHUNK_ROWS = 20_000;
/** The default number of entities: enough to page through. */
const SOME = 200;

/** The highest id and time of the entities, and whether a seed has run. */
const FOUND = `SELECT max(id) AS last_id, max(created_at) AS last_created_at,
  EXISTS (SELECT 1 FROM entities WHERE code >= 'SEED-' AND code < 'SEED.') AS seeded FROM entities`;

/**
 * Statements that add `count` entities to the migrated local database; without a count, the default number once. The
 * owners are accounts that registered before the first of these entities was created.
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
