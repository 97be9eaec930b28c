// The tables, as Drizzle sees them. Times are milliseconds since the epoch; ids of accounts are never used again (AUTOINCREMENT).
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const accounts = sqliteTable(
  'accounts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    username: text(),
    /** The username as it is found: NFKC, case folded. */
    usernameKey: text('username_key'),
    email: text(),
    emailKey: text('email_key'),
    /** An Argon2id PHC string. */
    passwordHash: text('password_hash').notNull(),
    role: text({ enum: ['user', 'admin'] }).notNull(),
    active: integer({ mode: 'boolean' }).notNull(),
    /** The account's own JSON object, as text: keys such as `__proto__` come back as they were. */
    data: text().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('accounts_username_key').on(table.usernameKey),
    uniqueIndex('accounts_email_key').on(table.emailKey),
    // The last admin's guard counts these rows at every demotion and deletion.
    index('accounts_admins').on(table.active).where(sql`role = 'admin'`),
    index('accounts_inactive').on(table.active).where(sql`active = 0`),
  ],
);

export const sessions = sqliteTable(
  'sessions',
  {
    /** A UUID: the `sid` of its tokens. */
    id: text().primaryKey(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text({ enum: ['refresh', 'session'] }).notNull(),
    /** SHA-256 of the one refresh token that is unspent; null for a session token's session. */
    tokenHash: text('token_hash'),
    /** SHA-256 of the refresh token spent last, and when it was. */
    spentHash: text('spent_hash'),
    spentAt: integer('spent_at'),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    userAgent: text('user_agent'),
    ip: text(),
  },
  (table) => [
    // No index on what else a refresh changes: each would be one more row for it to write.
    uniqueIndex('sessions_token_hash').on(table.tokenHash),
    index('sessions_account').on(table.accountId),
  ],
);

/** Wrong passwords in a row; see domain/passwords/lockout.ts for what a subject is. */
export const loginFailures = sqliteTable(
  'login_failures',
  {
    subject: text().primaryKey(),
    count: integer().notNull(),
    lockedUntil: integer('locked_until').notNull(),
    lastAt: integer('last_at').notNull(),
  },
  (table) => [index('login_failures_last').on(table.lastAt)],
);

/** What happened, to whom, by whom. No foreign keys: an event outlives its account. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: integer().notNull(),
    action: text().notNull(),
    actorId: integer('actor_id'),
    accountId: integer('account_id'),
    ip: text(),
    userAgent: text('user_agent'),
    detail: text().notNull(),
  },
  (table) => [
    index('audit_events_account').on(table.accountId, table.id),
    index('audit_events_action').on(table.action, table.id),
    index('audit_events_at').on(table.at),
  ],
);

/** Every index serves a row of the table in docs/entities.md; triggers keep `entity_words`, see drizzle/0002. */
export const entities = sqliteTable(
  'entities',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** The id once more: SQLite seeks to a pair such as (quantity, seq) in an index, but not where the second is the rowid. */
    seq: integer().generatedAlwaysAs(sql`id`, { mode: 'virtual' }),
    code: text().notNull(),
    type: text().notNull(),
    quantity: integer().notNull(),
    /** A JSON object, as text: keys such as `__proto__` come back as they were. */
    attributes: text().notNull(),
    /** A boolean and not a word, because half of the indexes start with it. */
    private: integer({ mode: 'boolean' }).notNull(),
    /** Null once the account is gone. */
    ownerId: integer('owner_id').references(() => accounts.id),
    version: integer().notNull(),
    /** Never before that of a lower id, so that an order by id is one by this as well. */
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** What a search finds the entity by: `{code: […], type: […], attributes: […]}`, as text. */
    words: text().notNull(),
  },
  (table) => [
    uniqueIndex('entities_code').on(table.code),
    index('entities_by_id').on(table.private),
    index('entities_by_code').on(table.private, table.code),
    index('entities_by_quantity').on(table.private, table.quantity, table.seq),
    index('entities_by_updated_at').on(table.private, table.updatedAt, table.seq),
    index('entities_by_type').on(table.private, table.type),
    index('entities_by_type_and_quantity').on(table.private, table.type, table.quantity, table.seq),
    index('entities_of_owner').on(table.ownerId, table.private),
    index('entities_of_owner_by_updated_at').on(table.ownerId, table.private, table.updatedAt, table.seq),
    index('entities_of_owner_by_type').on(table.ownerId, table.private, table.type),
    // Private ones are few, and theirs to pay for being merged into their owner's lists.
    index('entities_of_owner_by_code').on(table.ownerId, table.code).where(sql`private = 1`),
    index('entities_of_owner_by_quantity').on(table.ownerId, table.quantity, table.seq).where(sql`private = 1`),
    index('entities_of_owner_by_type_and_quantity')
      .on(table.ownerId, table.type, table.quantity, table.seq)
      .where(sql`private = 1`),
  ],
);

/** First successes, by whoever sent an Idempotency-Key and its SHA-256. The request says the rest of the answer. */
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

/** Games never change; their scores are rows of `game_scores`, see drizzle/0002. */
export const games = sqliteTable('games', {
  id: integer().primaryKey({ autoIncrement: true }),
  stamps: integer().notNull(),
  changes: integer().notNull(),
  firstOffset: integer('first_offset').notNull(),
  lastOffset: integer('last_offset').notNull(),
});
