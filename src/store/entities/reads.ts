// Reads of entities from the nearest replica, where a former admin may still have the role.
import { sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import { isActiveAdmin } from '../accounts/conditions.ts';
import type { Database, Db } from '../d1/database.ts';

/**
 * Reads from the nearest replica. Where it shows a private entity of somebody else, the primary is asked whether the
 * reader is an admin now; if not, the primary answers instead. Nobody else waits for more than the replica.
 */
export async function readNearest<T>(
  database: Database,
  reader: Reader | undefined,
  read: (db: Db) => Promise<T>,
  entitiesIn: (found: T) => readonly Entity[],
): Promise<T> {
  const found = await read(database.nearest);
  if (reader === undefined || reader.atMost === 'user') return found;
  if (!entitiesIn(found).some((entity) => isForeign(entity, reader.accountId))) return found;
  return (await isAdminNow(database.primary, reader.accountId)) ? found : read(database.primary);
}

const isForeign = ({ visibility, ownerId }: Entity, readerId: number): boolean =>
  visibility === 'private' && ownerId !== readerId;

async function isAdminNow(db: Db, accountId: number): Promise<boolean> {
  const [row] = await db
    .select({ isAdmin: sql<number>`${isActiveAdmin(accountId)}`.as('is_admin') })
    .from(sql`(SELECT 1)`);
  return row?.isAdmin === 1;
}
