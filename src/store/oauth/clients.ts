// Clients in D1. An admin's right is a condition of each write, and so is the state that a change started from.
import { desc, type InferSelectModel, type SQL, sql } from 'drizzle-orm';
import type { AuditAction } from '../../domain/audit/event.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { Client, Clients } from '../../domain/oauth/client.ts';
import { originOf } from '../../domain/oauth/redirect-uri.ts';
import { formatScopes, scopesIn } from '../../domain/oauth/scopes.ts';
import { pageOf } from '../../domain/page.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { rowWhere } from '../d1/row-where.ts';
import { clientOrigins, clients } from '../d1/schema/oauth.ts';
import { endClientSessions } from './purge.ts';

const IS_KEPT = sql`${clients.deletedAt} IS NULL`;

export const clientsIn = (database: Database): Clients => ({
  async find(id) {
    const [row] = await database.primary.select().from(clients).where(sql`${clients.id} = ${id} AND ${IS_KEPT}`);
    return row && { client: clientFrom(row), secretHash: row.secretHash };
  },

  async hasOrigin(origin) {
    const [row] = await database.nearest
      .select({ clientId: clientOrigins.clientId })
      .from(clientOrigins)
      .innerJoin(clients, sql`${clients.id} = ${clientOrigins.clientId} AND ${IS_KEPT}`)
      .where(sql`${clientOrigins.origin} = ${origin}`)
      .limit(1);
    return row !== undefined;
  },

  async list(after, limit) {
    const rows = await database.primary
      .select({ rowid: sql<number>`clients.rowid`.as('position'), client: clients })
      .from(clients)
      .where(sql`${IS_KEPT} AND ${after === undefined ? sql`1` : sql`clients.rowid < ${Number(after)}`}`)
      .orderBy(desc(sql`clients.rowid`))
      .limit(limit + 1);
    const { items, next } = pageOf(rows, limit, ({ rowid }) => String(rowid));
    return { items: items.map(({ client }) => clientFrom(client)), next };
  },

  add: (client, secretHash, audit) => add(database.primary, client, secretHash, audit),
  replace: (before, client, audit) => replace(database.primary, before, client, audit),

  replaceSecret: (id, secretHash, audit) => replaceSecret(database.primary, id, secretHash, audit),
  remove: (id, audit) => remove(database.primary, id, audit),
});

async function add(db: Db, client: Client, secretHash: string | null, audit: AuthorizedContext) {
  const isTheirs = sql`${clients.id} = ${client.id}`;
  const { authority } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    added: db
      .insert(clients)
      .select(
        rowWhere(
          clients,
          { ...rowOf(client), id: client.id, kind: client.kind, createdAt: client.createdAt, secretHash },
          holds(audit.authority, audit.now),
        ),
      ),
    event: clientEvent(db, 'client.created', isTheirs, audit),
    ...replaceOrigins(db, client, isTheirs),
  });
  return refuseEnded(authority) ?? 'added';
}

async function replace(db: Db, before: Client, client: Client, audit: AuthorizedContext) {
  const isUnchanged = sql`${clients.id} = ${before.id} AND ${clients.updatedAt} = ${before.updatedAt} AND ${IS_KEPT}
    AND ${holds(audit.authority, audit.now)}`;
  const { authority, replaced } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: clientEvent(db, 'client.updated', isUnchanged, audit),
    replaced: db.update(clients).set(rowOf(client)).where(isUnchanged).returning({ id: clients.id }),
    ...replaceOrigins(db, client, sql`${clients.id} = ${client.id} AND ${clients.updatedAt} = ${client.updatedAt}`),
  });
  return refuseEnded(authority) ?? (replaced.length > 0 ? 'replaced' : 'overtaken');
}

async function replaceSecret(db: Db, id: string, secretHash: string, audit: AuthorizedContext) {
  const isTheirs = sql`${clients.id} = ${id} AND ${IS_KEPT} AND ${holds(audit.authority, audit.now)}`;
  const { authority, replaced } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: clientEvent(db, 'client.secret_replaced', isTheirs, audit),
    replaced: db.update(clients).set({ secretHash }).where(isTheirs).returning({ id: clients.id }),
  });
  return refuseEnded(authority) ?? (replaced.length > 0 ? 'replaced' : 'not_found');
}

async function remove(db: Db, id: string, audit: AuthorizedContext) {
  const isTheirs = sql`${clients.id} = ${id} AND ${IS_KEPT} AND ${holds(audit.authority, audit.now)}`;
  const { authority, removed } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: clientEvent(db, 'client.deleted', isTheirs, audit),
    removed: db.update(clients).set({ deletedAt: audit.now }).where(isTheirs).returning({ id: clients.id }),
    ...endClientSessions(db, audit),
  });
  return refuseEnded(authority) ?? (removed.length > 0 ? 'removed' : 'not_found');
}

const clientEvent = (db: Db, action: AuditAction, condition: SQL, audit: AuthorizedContext) => {
  const detail = sql`json_object('client_id', ${clients.id}, 'name', ${clients.name})`;
  return auditEach(db, { action, from: sql`FROM ${clients} WHERE ${condition}`, account: sql`NULL`, detail }, audit);
};

/** Replaces the origins of a public client's pages, where `condition` finds the client as just written. */
function replaceOrigins(db: Db, { id, kind, redirectUris }: Client, condition: SQL) {
  const origins = kind === 'public' ? [...new Set(redirectUris.map(originOf))].filter((it) => it !== undefined) : [];
  const isWritten = sql`EXISTS (SELECT 1 FROM ${clients} WHERE ${condition})`;
  return {
    formerOrigins: db.delete(clientOrigins).where(sql`${clientOrigins.clientId} = ${id} AND ${isWritten}`),
    origins: db
      .insert(clientOrigins)
      .select(sql`SELECT value, ${id} FROM json_each(${JSON.stringify(origins)}) WHERE ${isWritten}`),
  };
}

/** The columns that a change sets. */
const rowOf = (client: Client) => ({
  name: client.name,
  redirectUris: JSON.stringify(client.redirectUris),
  postLogoutRedirectUris: JSON.stringify(client.postLogoutRedirectUris),
  scopes: formatScopes(client.scopes),
  firstParty: client.firstParty,
  idTokenAlgorithm: client.idTokenAlgorithm,
  updatedAt: client.updatedAt,
});

const clientFrom = (row: InferSelectModel<typeof clients>): Client => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  redirectUris: JSON.parse(row.redirectUris) as string[], // only we write them
  postLogoutRedirectUris: JSON.parse(row.postLogoutRedirectUris) as string[],
  scopes: scopesIn(row.scopes),
  firstParty: row.firstParty,
  idTokenAlgorithm: row.idTokenAlgorithm,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});
