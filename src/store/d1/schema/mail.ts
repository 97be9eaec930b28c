// Mails that wait to be sent, and the one-time tokens of their links. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

/** A row for each mail that was not sent yet. No foreign key: the notice of a deletion outlives its account. */
export const mails = sqliteTable(
  'mails',
  {
    /** A UUID: the key by which the provider recognises a mail that it has taken already. */
    id: text().primaryKey(),
    kind: text().notNull(),
    accountId: integer('account_id').notNull(),
    recipient: text().notNull(),
    /** Details of the mail besides its kind, as a JSON object: never a token. */
    detail: text().notNull(),
    /** The row of `one_time_tokens` that its link is derived from; null where the mail has no link. */
    tokenId: text('token_id'),
    createdAt: integer('created_at').notNull(),
    attempts: integer().notNull(),
    /** When it may be tried next. An attempt moves it first, so that a Worker that dies loses no mail. */
    dueAt: integer('due_at').notNull(),
    lastError: text('last_error'),
    givenUpAt: integer('given_up_at'),
  },
  (table) => [
    index('mails_due').on(table.dueAt).where(sql`given_up_at IS NULL`),
    index('mails_given_up').on(table.givenUpAt).where(sql`given_up_at IS NOT NULL`),
  ],
);

/** A row alone gives no access: its token is a MAC of the row's id. */
export const oneTimeTokens = sqliteTable(
  'one_time_tokens',
  {
    /** 128 random bits in hexadecimal. */
    id: text().primaryKey(),
    purpose: text({ enum: ['verify_email', 'reset_password', 'undo_email'] }).notNull(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** The address that the link was sent to; an undo restores it. */
    email: text().notNull(),
    emailKey: text('email_key').notNull(),
    /** Whether somebody asked for the mail, so that it counts for the limit. */
    requested: integer({ mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** When it was used, or a later one took its place. */
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('one_time_tokens_account').on(table.accountId, table.purpose),
    index('one_time_tokens_expires').on(table.expiresAt),
    // The address that an undo link returns to is reserved.
    index('one_time_tokens_undo').on(table.emailKey).where(sql`purpose = 'undo_email'`),
  ],
);
