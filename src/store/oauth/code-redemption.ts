// Redeeming an authorization code: one batch uses it up and opens its session, or ends the session that it opened
// before.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { OpenedByCode, PresentedCode } from '../../domain/oauth/code.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { NewSession } from '../../domain/sessions/session.ts';
import { isActive, isLive } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db } from '../d1/database.ts';
import { rowsFrom } from '../d1/row-where.ts';
import { authorizationCodes, grants } from '../d1/schema/oauth.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { AMR_JSON, authenticatedFrom, HOLDER } from '../sessions/authentication.ts';
import { endSessions } from '../sessions/ending.ts';

export async function redeem(
  db: Db,
  presented: PresentedCode,
  session: NewSession,
  onlineUntil: number,
  audit: AuditContext,
): Promise<OpenedByCode | Refusal<'invalid_grant'>> {
  const { hash, clientId, redirectUri, challenge } = presented;
  const isCode = sql`${authorizationCodes.hash} = ${hash}`;
  const isRight = sql`${isCode} AND ${authorizationCodes.clientId} = ${clientId}
    AND ${authorizationCodes.challenge} = ${challenge}
    AND ${redirectUri === undefined ? sql`1` : sql`${authorizationCodes.redirectUri} = ${redirectUri}`}`;
  const isGood = sql`${isRight} AND ${authorizationCodes.usedAt} IS NULL
    AND ${authorizationCodes.expiresAt} > ${audit.now}
    AND ${isActive(authorizationCodes.accountId)}
    AND EXISTS (SELECT 1 FROM ${grants} WHERE ${grants.accountId} = ${authorizationCodes.accountId}
      AND ${grants.clientId} = ${clientId})`;
  const reused = sql`FROM ${authorizationCodes} WHERE ${isRight} AND ${authorizationCodes.usedAt} IS NOT NULL`;
  const given = sql`${sessions.id} IN (SELECT ${authorizationCodes.sessionId} ${reused}) AND ${isLive(audit.now)}`;
  const account = sql`${authorizationCodes.accountId}`;
  const { opened } = await batchOf(db, {
    reuse: auditEach(db, { action: 'code.reused', from: reused, account, detail: clientDetail(clientId) }, audit),
    ...endSessions(db, given, { action: 'session.revoked', reason: 'code_reused' }, audit),
    session: db
      .insert(sessions)
      .select(
        rowsFrom(sessions, sessionValues(session, onlineUntil, audit), sql`FROM ${authorizationCodes} WHERE ${isGood}`),
      ),
    event: auditEach(
      db,
      {
        action: 'login.succeeded',
        from: sql`FROM ${sessions} WHERE ${sessions.id} = ${session.id}`,
        account: sql`${sessions.accountId}`,
        actor: sql`${sessions.accountId}`,
        detail: sql`json_object('session_id', ${sessions.id}, 'kind', ${sessions.kind},
          'client_id', ${sessions.clientId}, 'amr', ${AMR_JSON})`,
      },
      audit,
    ),
    used: db
      .update(authorizationCodes)
      .set({
        usedAt: audit.now,
        sessionId: sql`(SELECT ${sessions.id} FROM ${sessions} WHERE ${sessions.id} = ${session.id})`,
      })
      .where(sql`${isCode} AND ${authorizationCodes.usedAt} IS NULL`),
    opened: db
      .select({ ...HOLDER, nonce: authorizationCodes.nonce })
      .from(sessions)
      .innerJoin(authorizationCodes, sql`${authorizationCodes.sessionId} = ${sessions.id}`)
      .where(sql`${sessions.id} = ${session.id}`),
  });
  const [row] = opened;
  if (!row) return refuse('invalid_grant');
  const { nonce, ...holder } = row;
  return { session: authenticatedFrom(holder), nonce };
}

const clientDetail = (clientId: string): SQL => sql`json_object('client_id', ${clientId})`;

/** The session of a code. Without `offline_access` it has no refresh token and is short. */
function sessionValues(session: NewSession, onlineUntil: number, audit: AuditContext) {
  const ifOffline = (offline: SQL, online: SQL): SQL =>
    sql`iif(' ' || ${authorizationCodes.scopes} || ' ' LIKE '% offline_access %', ${offline}, ${online})`;
  return {
    id: session.id,
    accountId: sql`${authorizationCodes.accountId}`,
    kind: ifOffline(sql`'refresh'`, sql`'session'`),
    tokenHash: ifOffline(sql`${session.tokenHash}`, sql`NULL`),
    createdAt: audit.now,
    lastUsedAt: audit.now,
    expiresAt: ifOffline(sql`${session.expiresAt}`, sql`${onlineUntil}`),
    userAgent: audit.userAgent,
    ip: audit.ip,
    authenticatedAt: sql`${authorizationCodes.authenticatedAt}`,
    amr: sql`${authorizationCodes.amr}`,
    clientId: sql`${authorizationCodes.clientId}`,
    scope: sql`${authorizationCodes.scopes}`,
  };
}
