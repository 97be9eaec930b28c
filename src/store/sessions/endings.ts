// Endings of sessions in D1: by logout, by revocation, by the reuse of a refresh token.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { refuse } from '../../domain/refusal.ts';
import type { RefusedToken, Sessions } from '../../domain/sessions/session.ts';
import { holds, isActive, isLive, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { type Ending, endSessions } from './ending.ts';
import { endAllSessions } from './mass-ending.ts';
import { auditRefusedRefresh } from './refused-refresh.ts';

type Endings = Pick<Sessions, 'endByToken' | 'revokeByReuse' | 'revokeUnlessCurrent' | 'end' | 'revoke' | 'revokeAll'>;

export const endingsIn = (database: Database): Endings => ({
  endByToken(clientId, tokenHash, audit) {
    const ending = { action: 'session.ended', actor: sql`${sessions.accountId}` } as const;
    return endLive(database, sql`${sessions.tokenHash} = ${tokenHash} AND ${isOfClient(clientId)}`, ending, audit);
  },

  revokeByReuse(clientId, descendantHashes, refused, audit) {
    const isTheirs = isOfClient(clientId);
    const isPresented = sql`${sessions.tokenHash} = ${refused.tokenHash}`;
    const wasImported = sql`${sessions.id} = (SELECT session_id FROM imported_refresh_tokens
      WHERE token_hash = ${refused.tokenHash})`;
    const reused = sql`(${isCurrentToken(descendantHashes)} OR (${wasImported} AND NOT ${isPresented}))
      AND ${isTheirs}`;
    const known = sql`(${isPresented} OR ${wasImported}) AND ${isTheirs}`;
    return endReused(database, reused, known, refused, audit);
  },

  revokeUnlessCurrent(clientId, sessionId, tokenHash, audit, refused) {
    const isSession = sql`${sessions.id} = ${sessionId} AND ${isOfClient(clientId)}`;
    return endReused(database, sql`${isSession} AND ${sessions.tokenHash} <> ${tokenHash}`, isSession, refused, audit);
  },

  end: ({ sessionId, accountId }, audit) =>
    endLive(database, isOf(sessionId, accountId), { action: 'session.ended' }, audit),

  async revoke({ sessionId, accountId }, reason, audit) {
    const db = database.primary;
    const isTheirs = sql`${isOf(sessionId, accountId)} AND ${isLive(audit.now)}`;
    const condition = sql`${isTheirs} AND ${holds(audit.authority, audit.now)}`;
    const { authority, endedSessions } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...endSessions(db, condition, { action: 'session.revoked', reason }, audit),
    });
    if (endedSessions.length > 0) return 'revoked';
    return refuseEnded(authority) ?? refuse('session_not_found');
  },

  async revokeAll(accountId, exceptId, reason, audit) {
    const db = database.primary;
    const condition = sql`${isActive(accountId)} AND ${holds(audit.authority, audit.now)}`;
    const { authority } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...endAllSessions(db, { accountId, exceptId, condition, reason }, audit),
    });
    return refuseEnded(authority) ?? 'revoked';
  },
});

/** A session of this client, or of our own logins where it is null: neither accepts the other's tokens. */
export const isOfClient = (clientId: string | null): SQL => sql`${sessions.clientId} IS ${clientId}`;

export const isCurrentToken = (tokenHashes: readonly string[]): SQL =>
  sql`${sessions.tokenHash} IN (SELECT value FROM json_each(${JSON.stringify(tokenHashes)}))`;

const isOf = (sessionId: string, accountId: number): SQL =>
  sql`${sessions.id} = ${sessionId} AND ${sessions.accountId} = ${accountId}`;

/** Revokes the live session of a token that came back. Of one that has ended, a refused refresh is recorded. */
async function endReused(
  { primary }: Database,
  reused: SQL,
  known: SQL | undefined,
  refused: RefusedToken | undefined,
  audit: AuditContext,
): Promise<boolean> {
  const live = sql`${reused} AND ${isLive(audit.now)}`;
  const { endedSessions } = await batchOf(primary, {
    refused: known && refused?.by === 'refresh' ? auditRefusedRefresh(primary, known, audit) : undefined,
    ...endSessions(primary, live, { action: 'session.reuse_detected' }, audit),
  });
  return endedSessions.length > 0;
}

async function endLive({ primary }: Database, condition: SQL, ending: Ending, audit: AuditContext): Promise<boolean> {
  const live = sql`${condition} AND ${isLive(audit.now)}`;
  const { endedSessions } = await batchOf(primary, endSessions(primary, live, ending, audit));
  return endedSessions.length > 0;
}
