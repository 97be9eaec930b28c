// `npm run bench -- --rows`: the same operations in a small and in a large database; what they cost must not grow with
// it.
import { entityRows } from '../scripts/entity-rows.ts';
import { measure } from './measure.ts';
import type { Server } from './server.ts';
import { type Figures, median, type Subject } from './subject.ts';

const SIZES = [1_000, 1_000_000];
const MOST = 1.5;
/** Small enough for D1's 30 seconds a query. */
const CHUNK_ROWS = 20_000;
const ROUNDS = 3;

export interface RowsRow {
  readonly name: string;
  /** Medians, at each size. */
  readonly perSecond: readonly number[];
  /** How many times slower the large database is. */
  readonly times: number;
  readonly met: boolean;
}

/**
 * Measures the subjects at each size in turn: `servers` are two of the same Worker, the second of which becomes large.
 */
export async function rowsAt(
  servers: readonly [Server, Server],
  subjects: readonly Subject[],
  seconds: number,
): Promise<readonly RowsRow[]> {
  for (const [index, server] of servers.entries()) await fill(server, SIZES[index] ?? 0);
  const seen = new Map<string, Figures[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const subject of subjects) {
      for (const server of servers) {
        const key = `${subject.name} ${server.origin}`;
        seen.set(key, [...(seen.get(key) ?? []), await measured(server, subject, seconds)]);
      }
    }
  }
  return subjects.map(({ name }) => {
    const perSecond = servers.map(({ origin }) =>
      median((seen.get(`${name} ${origin}`) ?? []).map((figures) => figures.perSecond)),
    );
    const times = (perSecond[0] ?? Number.NaN) / (perSecond[1] ?? Number.NaN);
    return { name, perSecond, times, met: times < MOST };
  });
}

const measured = async ({ origin, pid }: Server, { connections, shot }: Subject, seconds: number): Promise<Figures> =>
  measure({
    origin,
    pid,
    shot: await shot(origin),
    connections,
    rate: undefined,
    warmUpSeconds: 0.4,
    seconds,
    maxRequests: 50_000,
  });

/** As many entities, and as many sessions of one account, as `count`. */
async function fill({ miniflare }: Server, count: number): Promise<void> {
  const db = await miniflare.getD1Database('DB');
  await db
    .prepare(
      `INSERT INTO accounts (username, username_key, password_hash, role, active, data, created_at, updated_at)
       VALUES ('crowd', 'crowd', '', 'user', 1, '{}', 0, 0)`,
    )
    .run();
  const seeding = { owners: [1], highestId: 0, startMs: 0, endMs: Date.now(), count };
  for (let from = 0; from < count; from += CHUNK_ROWS) {
    const to = Math.min(from + CHUNK_ROWS, count);
    await db.prepare(entityRows(seeding, from, to)).run();
    await db.prepare(sessionRows(from, to)).run();
  }
}

const sessionRows = (from: number, to: number): string =>
  `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at)
   WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${to})
   SELECT lower(hex(randomblob(16))), 1, 'refresh', lower(hex(randomblob(32))), 0, 0, 4102444800000 FROM n`;

export const rowsTable = (rows: readonly RowsRow[]): string =>
  rows
    .map(({ name, perSecond, times, met }) => {
      const rates = perSecond
        .map((rate, index) => `${rate.toFixed(0).padStart(6)}/s at ${SIZES[index]} rows`)
        .join('  ');
      return `${name.padEnd(30)} ${rates}  ${times.toFixed(2)} times as slow${met ? '' : `  OVER ${MOST}`}`;
    })
    .join('\n');
