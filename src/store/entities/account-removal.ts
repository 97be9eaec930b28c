// What becomes of an account's entities when it goes: private ones go with it, public ones stay without an owner.
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../d1/database.ts';
import { entities, idempotencyKeys } from '../d1/schema.ts';

/** Statements for the batch that removes the account, before the one that does; `leaves` is whether it will. */
export const leaveEntities = (db: Db, accountId: number, leaves: SQL, now: number) =>
  [
    db.delete(entities).where(sql`${entities.ownerId} = ${accountId} AND ${entities.private} = 1 AND ${leaves}`),
    db
      .update(entities)
      .set({ ownerId: null, version: sql`${entities.version} + 1`, updatedAt: sql`max(${now}, ${entities.createdAt})` })
      .where(sql`${entities.ownerId} = ${accountId} AND ${leaves}`),
    db.delete(idempotencyKeys).where(sql`${idempotencyKeys.accountId} = ${accountId} AND ${leaves}`),
  ] as const;
