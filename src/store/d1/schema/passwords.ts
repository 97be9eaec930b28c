// Password credentials, and the guesses at them. Times are milliseconds since the epoch.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** The password of an account; an account without a row has none. Triggers keep `accounts.password_hash` equal. */
export const passwordCredentials = sqliteTable('password_credentials', {
  accountId: integer('account_id')
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  /** A PHC string. */
  hash: text().notNull(),
});

/** Wrong passwords in a row, as the version before `password_guesses` counted them; no longer written. */
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
