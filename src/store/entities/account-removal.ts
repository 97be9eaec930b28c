// When an account is deleted, its private entities go with it, and its public ones stay without an owner.
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../d1/database.ts';
import { entities, idempotencyKeys } from '../d1/schema/entities.ts';

/** Statements for the batch that deletes the account. `condition` is whether it does. */
export const detachEntities = (db: Db, accountId: number, condition: SQL, now: number) => ({
  privateEntities: db
    .delete(entities)
    .where(sql`${entities.ownerId} = ${accountId} AND ${entities.private} = 1 AND ${condition}`),
  publicEntities: db
    .update(entities)
    .set({ ownerId: null, version: sql`${entities.version} + 1`, updatedAt: sql`max(${now}, ${entities.createdAt})` })
    .where(sql`${entities.ownerId} = ${accountId} AND ${condition}`),
  idempotencyKeys: db.delete(idempotencyKeys).where(sql`${idempotencyKeys.accountId} = ${accountId} AND ${condition}`),
});
