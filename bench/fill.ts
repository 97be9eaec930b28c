// The rows for measurements of our operations and of the runtime's limits: the same entities for both.
import { entityRows } from '../scripts/entity-rows.ts';
import type { Server } from './server.ts';

/** They are numbered from 1, public, and without an owner. */
export const ENTITIES = 10_000;
const SEEDING = { owners: [], highestId: 0, startMs: 0, endMs: Date.now(), count: ENTITIES };
/** Enough for the tokens in requests to the limits. */
const ACCOUNTS = 100;

export async function fillEntities({ miniflare }: Server): Promise<void> {
  const db = await miniflare.getD1Database('DB');
  await db.prepare(entityRows(SEEDING, 0, ENTITIES)).run();
}

export async function fillLimits(server: Server): Promise<void> {
  await fillEntities(server);
  const db = await server.miniflare.getD1Database('DB');
  await db
    .prepare(
      `INSERT INTO accounts (username, username_key, email, email_key, password_hash, role, active, data, created_at,
         updated_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ACCOUNTS})
       SELECT 'u' || i, 'u' || i, 'u' || i || '@example.com', 'u' || i || '@example.com', '', 'user', 1, '{}', 0, 0
       FROM n`,
    )
    .run();
}
