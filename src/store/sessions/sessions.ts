// Sessions in D1: liveness is a condition of every statement, so the row decides each race.
import { and, desc, eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Sessions } from '../../domain/sessions/session.ts';
import { holds, isLive, isUnended, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { batchOf } from '../d1/batch.ts';
import { type Database, type Defer, retried } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { endSessions, isAnotherOf } from './ending.ts';
import { HOLDER, rotateSession, rotateSessionAgain } from './rotation.ts';

/** Of an account with more live sessions, the last used ones are listed. */
const MAX_LISTED = 500;

export const sessionsIn = (database: Database, defer: Defer): Sessions => ({
  async findLive(sessionId, now) {
    const [row] = await liveSession(database.primary, { sessionId, now });
    if (!row) return undefined;
    const { lastUsedAt, ...account } = row;
    return { account: accountFrom(account), lastUsedAt };
  },

  recordUse(sessionId, now) {
    const live = sql`${sessions.id} = ${sessionId} AND ${isLive(now)}`;
    defer(() => database.primary.update(sessions).set({ lastUsedAt: now }).where(live).execute());
  },

  async rotate(presentedHash, nextHash, expiresAt, now) {
    const values = { presentedHash, nextHash, expiresAt, now };
    const [holder] = await retried((attempt) =>
      attempt === 'first' ? rotateSession(database.primary, values) : rotateSessionAgain(database.primary, values),
    );
    return holder;
  },

  async findRotatedSince(presentedHash, successorHashes, since, now) {
    const rotated = sql`${sessions.spentHash} = ${presentedHash} AND ${sessions.spentAt} > ${since}`;
    const [row] = await database.primary
      .select({ ...HOLDER, tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(sql`${isCurrentToken(successorHashes)} AND ${rotated} AND ${isLive(now)}`);
    return row && row.tokenHash !== null ? { ...row, tokenHash: row.tokenHash } : undefined;
  },

  endByToken(tokenHash, audit) {
    const ending = { action: 'session.ended', actor: sql`${sessions.accountId}` } as const;
    return endLive(database, sql`${sessions.tokenHash} = ${tokenHash}`, ending, audit);
  },

  revokeByCurrentToken: (tokenHashes, audit) =>
    endLive(database, isCurrentToken(tokenHashes), { action: 'session.reuse_detected' }, audit),

  revokeUnlessCurrent(sessionId, tokenHash, audit) {
    const rotated = sql`${sessions.id} = ${sessionId} AND ${sessions.tokenHash} <> ${tokenHash}`;
    return endLive(database, rotated, { action: 'session.reuse_detected' }, audit);
  },

  end: ({ sessionId, accountId }, audit) =>
    endLive(database, isOf(sessionId, accountId), { action: 'session.ended' }, audit),

  list: (accountId, now) =>
    database.primary
      .select(LISTED)
      .from(sessions)
      .where(and(eq(sessions.accountId, accountId), isLive(now)))
      .orderBy(desc(sessions.lastUsedAt), sessions.id)
      .limit(MAX_LISTED),

  async revoke({ sessionId, accountId }, reason, audit) {
    const db = database.primary;
    const condition = sql`${isOf(sessionId, accountId)} AND ${isLive(audit.now)} AND ${holds(audit.authority, audit.now)}`;
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

const LISTED = {
  id: sessions.id,
  kind: sessions.kind,
  createdAt: sessions.createdAt,
  lastUsedAt: sessions.lastUsedAt,
  expiresAt: sessions.expiresAt,
  userAgent: sessions.userAgent,
  ip: sessions.ip,
};

const WITH_ACCOUNT = { ...ACCOUNT, lastUsedAt: sessions.lastUsedAt };
const liveSession = prepare(WITH_ACCOUNT, (db) =>
  db
    .select(WITH_ACCOUNT)
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.id, placeholder('sessionId')), isUnended(placeholder('now')), eq(accounts.active, true))),
);

const placeholder = (name: string): Placeholder => sql.placeholder(name);

const isCurrentToken = (tokenHashes: readonly string[]): SQL =>
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
