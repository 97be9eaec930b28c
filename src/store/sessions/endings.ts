// The ways in which sessions end in D1: by logout, by revocation, by the reuse of a refresh token.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Sessions } from '../../domain/sessions/session.ts';
import { holds, isLive, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { endSessions, isAnotherOf } from './ending.ts';

type Endings = Pick<
  Sessions,
  'endByToken' | 'revokeByCurrentToken' | 'revokeUnlessCurrent' | 'end' | 'revoke' | 'revokeAll'
>;

export const endingsIn = (database: Database): Endings => ({
  endByToken(clientId, tokenHash, audit) {
    const ending = { action: 'session.ended', actor: sql`${sessions.accountId}` } as const;
    return endLive(database, sql`${sessions.tokenHash} = ${tokenHash} AND ${isOfClient(clientId)}`, ending, audit);
  },

  revokeByCurrentToken(clientId, tokenHashes, audit) {
    const isTheirs = sql`${isCurrentToken(tokenHashes)} AND ${isOfClient(clientId)}`;
    return endLive(database, isTheirs, { action: 'session.reuse_detected' }, audit);
  },

  revokeUnlessCurrent(clientId, sessionId, tokenHash, audit) {
    const rotated = sql`${sessions.id} = ${sessionId} AND ${sessions.tokenHash} <> ${tokenHash}
      AND ${isOfClient(clientId)}`;
    return endLive(database, rotated, { action: 'session.reuse_detected' }, audit);
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
    const others = isAnotherOf(accountId, exceptId);
    const condition = sql`${others} AND ${isLive(audit.now)} AND ${holds(audit.authority, audit.now)}`;
    const { authority } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...endSessions(db, condition, { action: 'session.revoked', reason }, audit),
    });
    return refuseEnded(authority) ?? 'revoked';
  },
});

/** A client's session, or one of our own logins: a token of one is nothing to the other. */
export const isOfClient = (clientId: string | null): SQL => sql`${sessions.clientId} IS ${clientId}`;

export const isCurrentToken = (tokenHashes: readonly string[]): SQL =>
  sql`${sessions.tokenHash} IN (SELECT value FROM json_each(${JSON.stringify(tokenHashes)}))`;

const isOf = (sessionId: string, accountId: number): SQL =>
  sql`${sessions.id} = ${sessionId} AND ${sessions.accountId} = ${accountId}`;

async function endLive(
  { primary }: Database,
  condition: SQL,
  ending: Parameters<typeof endSessions>[2],
  audit: AuditContext,
): Promise<boolean> {
  const live = sql`${condition} AND ${isLive(audit.now)}`;
  const { endedSessions } = await batchOf(primary, endSessions(primary, live, ending, audit));
  return endedSessions.length > 0;
}
