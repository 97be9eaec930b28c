// Entities, and the idempotency keys of their creation. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** Every index serves a list of docs/entities.md. Triggers maintain `entity_words` and `owned`, see drizzle/0009. */
export const entities = sqliteTable(
  'entities',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** A copy of the id: SQLite seeks to (quantity, seq) in an index, but not to (quantity, rowid). */
    seq: integer().generatedAlwaysAs(sql`id`, { mode: 'virtual' }),
    code: text().notNull(),
    type: text().notNull(),
    quantity: integer().notNull(),
    /** A JSON object, as text: keys such as `__proto__` come back as they were. */
    attributes: text().notNull(),
    /** A boolean and not a text, because half of the indexes start with it. */
    private: integer({ mode: 'boolean' }).notNull(),
    /** Null once the account was deleted. */
    ownerId: integer('owner_id').references(() => accounts.id),
    version: integer().notNull(),
    /** Never before that of a lower id, so that the order by id is the order by this column as well. */
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** The search terms, as JSON: `{code: […], type: […], attributes: […]}`. */
    terms: text('words').notNull(),
    /**
     * How many entities its owner has, stored at their newest one alone: a counter elsewhere would be one more row to
     * write.
     */
    owned: integer(),
  },
  (table) => [
    uniqueIndex('entities_code').on(table.code),
    index('entities_by_id').on(table.private),
    index('entities_by_code').on(table.private, table.code),
    index('entities_by_quantity').on(table.private, table.quantity, table.seq),
    index('entities_by_updated_at').on(table.private, table.updatedAt, table.seq),
    index('entities_by_type').on(table.private, table.type),
    index('entities_by_type_and_code').on(table.private, table.type, table.code),
    index('entities_by_type_and_quantity').on(table.private, table.type, table.quantity, table.seq),
    index('entities_by_type_and_updated_at').on(table.private, table.type, table.updatedAt, table.seq),
    index('entities_of_owner').on(table.ownerId, table.private),
    // By code, whatever its name: version 1 runs while a migration is applied, and names this index in a query.
    index('entities_of_owner_by_type').on(table.ownerId, table.private, table.code),
    index('entities_of_owner_by_quantity').on(table.ownerId, table.private, table.quantity, table.seq),
    index('entities_of_owner_by_updated_at').on(table.ownerId, table.private, table.updatedAt, table.seq),
    // Private entities are few, so that public ones do not pay for these indexes.
    index('entities_private_by_type').on(table.ownerId, table.type).where(sql`private = 1`),
    index('entities_private_by_type_and_code').on(table.ownerId, table.type, table.code).where(sql`private = 1`),
    index('entities_of_owner_by_type_and_quantity')
      .on(table.ownerId, table.type, table.quantity, table.seq)
      .where(sql`private = 1`),
    index('entities_private_by_type_and_updated_at')
      .on(table.ownerId, table.type, table.updatedAt, table.seq)
      .where(sql`private = 1`),
    // Only version 1 names it.
    index('entities_of_owner_by_code').on(table.ownerId, table.code).where(sql`private = 1`),
  ],
);

/**
 * Idempotency keys of successful creations. The response is rebuilt from the repeated request, so only ids are stored.
 */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    accountId: integer('account_id').notNull(),
    keyHash: text('key_hash').notNull(),
    requestHash: text('request_hash').notNull(),
    entityId: integer('entity_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.keyHash] }),
    index('idempotency_keys_created').on(table.createdAt),
  ],
);

/**
 * Entities with more rows in `entity_words` than one write may change: version 1 indexed all of their words. The job
 * that indexes them again empties the table for good.
 */
export const entitiesToReindex = sqliteTable(
  'entities_to_reindex',
  {
    entityId: integer('entity_id').primaryKey(),
    /** The words whose rows must be removed, since the entity was written; null while the rows are still right. */
    terms: text('words'),
    /** The owner of the entity when those rows were written. */
    ownerId: integer('owner_id'),
  },
  (table) => [index('entities_to_reindex_written').on(table.entityId).where(sql`words IS NOT NULL`)],
);
