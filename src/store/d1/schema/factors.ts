// Authenticator apps and recovery codes. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** The authenticator app of an account. It proves nothing before `confirmed_at` is set. */
export const totp = sqliteTable(
  'totp',
  {
    accountId: integer('account_id')
      .primaryKey()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** The encrypted secret; see domain/tokens/encryption.ts. */
    box: text().notNull(),
    createdAt: integer('created_at').notNull(),
    confirmedAt: integer('confirmed_at'),
    /** The time step of the code that was accepted last: neither it nor an earlier one is accepted again. */
    lastStep: integer('last_step').notNull(),
    /** Wrong codes in a row, recovery codes included. */
    wrongCodes: integer('wrong_codes').notNull(),
    /** When the last of them were tried, the oldest first: a JSON array of at most as many times as a window holds. */
    triedAt: text('tried_at').notNull(),
  },
  (table) => [index('totp_pending').on(table.createdAt).where(sql`confirmed_at IS NULL`)],
);

export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** A MAC, or SHA-256 in older rows; see domain/factors/recovery-code.ts. */
    hash: text().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.hash] })],
);
