// Clients, what accounts granted them, and authorization codes. Times are milliseconds since the epoch.
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { accounts } from './accounts.ts';

export const clients = sqliteTable(
  'clients',
  {
    /** A UUID: its `client_id`. */
    id: text().primaryKey(),
    name: text().notNull(),
    kind: text({ enum: ['public', 'confidential'] }).notNull(),
    /** JSON arrays of URIs. */
    redirectUris: text('redirect_uris').notNull(),
    postLogoutRedirectUris: text('post_logout_redirect_uris').notNull(),
    /** Separated by spaces. */
    scopes: text().notNull(),
    firstParty: integer('first_party', { mode: 'boolean' }).notNull(),
    idTokenAlgorithm: text('id_token_algorithm', { enum: ['ES256', 'RS256'] }).notNull(),
    /** SHA-256; null for a public client. */
    secretHash: text('secret_hash'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** No query finds a deleted client. Its rows go with what refers to it, a bounded number at a time. */
    deletedAt: integer('deleted_at'),
  },
  (table) => [index('clients_deleted').on(table.deletedAt).where(sql`deleted_at IS NOT NULL`)],
);

/** The origins of public clients' redirects, whose pages may call the token endpoint. */
export const clientOrigins = sqliteTable(
  'client_origins',
  {
    origin: text().notNull(),
    clientId: text('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.clientId] }),
    index('client_origins_client').on(table.clientId),
  ],
);

export const grants = sqliteTable(
  'grants',
  {
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    clientId: text('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    scopes: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.clientId] }), index('grants_client').on(table.clientId)],
);

/** A row gives no access: it has the hash of its code alone. It stays after its use, to recognise a second one. */
export const authorizationCodes = sqliteTable(
  'authorization_codes',
  {
    hash: text().primaryKey(),
    clientId: text('client_id')
      .notNull()
      .references(() => clients.id, { onDelete: 'cascade' }),
    accountId: integer('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    redirectUri: text('redirect_uri').notNull(),
    scopes: text().notNull(),
    challenge: text().notNull(),
    nonce: text(),
    /** When and how the credentials behind the code were proven. */
    authenticatedAt: integer('authenticated_at').notNull(),
    amr: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
    /** The session that it opened. */
    sessionId: text('session_id'),
  },
  (table) => [
    index('authorization_codes_expires').on(table.expiresAt),
    index('authorization_codes_client').on(table.clientId),
    index('authorization_codes_account').on(table.accountId, table.clientId),
  ],
);
