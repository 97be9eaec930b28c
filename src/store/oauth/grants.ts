// Grants in D1. A grant ends with its client's sessions and codes, in one transaction.
import { sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { Grants } from '../../domain/oauth/grant.ts';
import { scopesIn } from '../../domain/oauth/scopes.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, isLive, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { authorizationCodes, clients, grants } from '../d1/schema/oauth.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { endSessions } from '../sessions/ending.ts';

export const grantsIn = (database: Database): Grants => ({
  async scopesOf(accountId, clientId) {
    const [row] = await database.primary
      .select({ scopes: grants.scopes })
      .from(grants)
      .where(sql`${grants.accountId} = ${accountId} AND ${grants.clientId} = ${clientId}`);
    return scopesIn(row?.scopes ?? '');
  },

  async list(accountId) {
    const rows = await database.primary
      .select({ grant: grants, clientName: clients.name })
      .from(grants)
      .innerJoin(clients, sql`${clients.id} = ${grants.clientId} AND ${clients.deletedAt} IS NULL`)
      .where(sql`${grants.accountId} = ${accountId}`)
      .orderBy(sql`${grants.lastUsedAt} DESC`);
    return rows.map(({ grant: { scopes, ...grant }, clientName }) => ({
      ...grant,
      clientName,
      scopes: scopesIn(scopes),
    }));
  },

  withdraw: (clientId, audit) => withdraw(database.primary, clientId, audit),

  async endSessions(accountId, clientId, audit) {
    const db = database.primary;
    const open = sql`${sessions.accountId} = ${accountId} AND ${sessions.clientId} = ${clientId}
      AND ${isLive(audit.now)}`;
    await batchOf(db, endSessions(db, open, { action: 'session.ended' }, audit));
  },
});

async function withdraw(db: Db, clientId: string, audit: AuthorizedContext) {
  const accountId = audit.actorId;
  const mayAct = holds(audit.authority, audit.now);
  const isTheirs = sql`${grants.accountId} = ${accountId} AND ${grants.clientId} = ${clientId} AND ${mayAct}`;
  const from = sql`FROM ${grants} WHERE ${isTheirs}`;
  const detail = sql`json_object('client_id', ${clientId})`;
  const isGranted = sql`EXISTS (SELECT 1 ${from})`;
  const open = sql`${sessions.accountId} = ${accountId} AND ${sessions.clientId} = ${clientId}
    AND ${isLive(audit.now)}`;
  const { authority, withdrawn } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    event: auditEach(db, { action: 'grant.withdrawn', from, account: sql`${accountId}`, detail }, audit),
    codes: db
      .update(authorizationCodes)
      .set({ usedAt: audit.now })
      .where(
        sql`${authorizationCodes.accountId} = ${accountId} AND ${authorizationCodes.clientId} = ${clientId}
          AND ${authorizationCodes.usedAt} IS NULL AND ${isGranted}`,
      ),
    withdrawn: db.delete(grants).where(isTheirs).returning({ clientId: grants.clientId }),
    // Last: it may end the session that acts.
    ...endSessions(db, sql`${open} AND ${mayAct}`, { action: 'session.revoked', reason: 'grant_withdrawn' }, audit),
  });
  const ended = refuseEnded(authority);
  if (ended) return ended;
  return withdrawn.length > 0 ? 'withdrawn' : refuse('grant_not_found');
}
