// The purge of a deleted client: its sessions, grants and codes are removed a bounded number at a time, and then its
// row.
import { sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { isUnended } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { authorizationCodes, clients, grants } from '../d1/schema/oauth.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { endSessions } from '../sessions/ending.ts';

const ROWS_PER_ROUND = 100;

const DELETED = sql`SELECT id FROM ${clients} WHERE ${clients.deletedAt} IS NOT NULL`;

/**
 * Ends sessions of deleted clients, one round of them. None of them could be used any more: their client is unknown.
 */
export function endClientSessions(db: Db, audit: AuditContext) {
  const some = sql`SELECT ${sessions.id} FROM ${sessions} WHERE ${sessions.clientId} IN (${DELETED})
    AND ${isUnended(audit.now)} LIMIT ${ROWS_PER_ROUND}`;
  const ending = { action: 'session.revoked', reason: 'client_deleted' } as const;
  return endSessions(db, sql`${sessions.id} IN (${some})`, ending, audit);
}

/** One round of the purge, and how many rows it removed. */
export async function purgeClients(database: Database, now: number): Promise<{ readonly removed: number }> {
  const db = database.primary;
  const some = (table: typeof grants | typeof authorizationCodes) =>
    sql`rowid IN (SELECT rowid FROM ${table} WHERE client_id IN (${DELETED}) LIMIT ${ROWS_PER_ROUND})`;
  const { endedSessions, removedGrants, removedCodes, removedClients } = await batchOf(db, {
    ...endClientSessions(db, { actorId: null, ip: null, userAgent: null, now }),
    removedGrants: db.delete(grants).where(some(grants)).returning({ id: grants.clientId }),
    removedCodes: db
      .delete(authorizationCodes)
      .where(some(authorizationCodes))
      .returning({ id: authorizationCodes.hash }),
    removedClients: db
      .delete(clients)
      .where(
        sql`${clients.deletedAt} IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM ${grants} WHERE ${grants.clientId} = ${clients.id})
          AND NOT EXISTS (SELECT 1 FROM ${authorizationCodes} WHERE ${authorizationCodes.clientId} = ${clients.id})
          AND NOT EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions.clientId} = ${clients.id} AND ${isUnended(now)})`,
      )
      .returning({ id: clients.id }),
  });
  return { removed: endedSessions.length + removedGrants.length + removedCodes.length + removedClients.length };
}
