// Accounts. Times are milliseconds since the epoch; ids are never used again (AUTOINCREMENT).
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const accounts = sqliteTable(
  'accounts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    username: text(),
    /** The username folded for uniqueness and search; see domain/accounts/names.ts. */
    usernameKey: text('username_key'),
    email: text(),
    emailKey: text('email_key'),
    /** Written and read by the version before `password_credentials`; triggers keep it up to date for a rollback. */
    passwordHash: text('password_hash').notNull(),
    role: text({ enum: ['user', 'admin'] }).notNull(),
    active: integer({ mode: 'boolean' }).notNull(),
    /** The key of the email that was verified: the account's email is verified while the two are equal. */
    verifiedEmailKey: text('verified_email_key'),
    /** Whether any email was ever verified: until then, nobody has proven to own an address of the account. */
    everVerified: integer('ever_verified', { mode: 'boolean' }).notNull().default(false),
    /** Changes of the email in the day that began at `emailChangesSince`. */
    emailChanges: integer('email_changes').notNull().default(0),
    emailChangesSince: integer('email_changes_since').notNull().default(0),
    /** The account's own JSON object, as text: keys such as `__proto__` come back as they were. */
    data: text().notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Set for an account that was deleted and whose rows are still being removed. It is inactive and has no names. */
    deletedAt: integer('deleted_at'),
    /** The import that made the account; null where it was made here. */
    importId: text('import_id'),
    /**
     * Whether an import made the account and nobody has used it since. Triggers end it, see drizzle/0011_imports.sql.
     */
    unusedImport: integer('unused_import', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    uniqueIndex('accounts_username_key').on(table.usernameKey),
    uniqueIndex('accounts_email_key').on(table.emailKey),
    // The last-admin rule counts these rows at every demotion and deletion.
    index('accounts_admins').on(table.active).where(sql`role = 'admin'`),
    index('accounts_inactive').on(table.active).where(sql`active = 0`),
    // A search for names reads the few admins, or inactive accounts, in the order of its matches.
    index('accounts_admins_by_email').on(table.emailKey).where(sql`role = 'admin'`),
    index('accounts_admins_by_username').on(table.usernameKey).where(sql`role = 'admin'`),
    index('accounts_inactive_by_email').on(table.emailKey).where(sql`active = 0`),
    index('accounts_inactive_by_username').on(table.usernameKey).where(sql`active = 0`),
    index('accounts_deleted').on(table.deletedAt).where(sql`deleted_at IS NOT NULL`),
  ],
);
