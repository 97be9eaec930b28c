// Passkeys, and the challenges that were used. Times are milliseconds since the epoch.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

export const passkeys = sqliteTable(
  'passkeys',
  {
    /** A UUID, by which the API names it. */
    id: text().primaryKey(),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** The authenticator's own id of the credential, in base64url. */
    credentialId: text('credential_id').notNull().unique('passkeys_credential'),
    /** A COSE key, in base64url. */
    publicKey: text('public_key').notNull(),
    /** The signature counter of its last use; 0 for an authenticator that keeps none. */
    counter: integer().notNull(),
    /** A JSON array of WebAuthn transports. */
    transports: text().notNull(),
    aaguid: text().notNull(),
    /** Whether it may be synced to other devices, and whether it is. */
    backupEligible: integer('backup_eligible', { mode: 'boolean' }).notNull(),
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('passkeys_account').on(table.accountId)],
);

/** Challenges that were used, until they would have expired. Asking for one writes nothing. */
export const usedChallenges = sqliteTable(
  'used_challenges',
  {
    challenge: text().primaryKey(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('used_challenges_expiry').on(table.expiresAt)],
);
