// Sessions. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

export const sessions = sqliteTable(
  'sessions',
  {
    /** A UUID: the `sid` of its tokens. */
    id: text().primaryKey(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id),
    kind: text({ enum: ['refresh', 'session'] }).notNull(),
    /** SHA-256 of the current refresh token; null for a session token's session. */
    tokenHash: text('token_hash'),
    /** SHA-256 of the refresh token that was rotated last, and when it was. */
    rotatedHash: text('spent_hash'),
    rotatedAt: integer('spent_at'),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    userAgent: text('user_agent'),
    ip: text(),
    /**
     * When the credentials behind the session were proven last. Null on rows of version 1, which had `created_at`; 0
     * where no credentials were: an imported token's session.
     */
    authenticatedAt: integer('authenticated_at'),
    /** How they were proven: methods of RFC 8176, separated by spaces. Null on rows of version 1: a password. */
    amr: text(),
    /** The client that the session was opened for, and the scopes that were granted; null for our own logins. */
    clientId: text('client_id'),
    scope: text(),
  },
  (table) => [
    // Other columns that a refresh changes have no index: each would cost it another row written.
    uniqueIndex('sessions_token_hash').on(table.tokenHash),
    index('sessions_account').on(table.accountId),
    index('sessions_client').on(table.clientId).where(sql`client_id IS NOT NULL AND revoked_at IS NULL`),
    // An account may have any number of ended sessions, and few others.
    index('sessions_unrevoked').on(table.accountId).where(sql`revoked_at IS NULL`),
  ],
);

/**
 * Endings of too many sessions for one request to mark. Every session of the account up to a row, but one, has ended,
 * whether it is marked as revoked yet or not; a job marks them and deletes the ending.
 */
export const sessionEndings = sqliteTable('session_endings', {
  accountId: integer('account_id')
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** The rowid of the last session that it ended. */
  upTo: integer('up_to').notNull(),
  /** The session that goes on. */
  exceptId: text('except_id'),
  at: integer().notNull(),
});
