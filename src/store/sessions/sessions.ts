// Sessions in D1: "live" stands in the WHERE of every statement, so the row decides each race.
import { and, desc, eq, type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Act } from '../../domain/audit/event.ts';
import type { NewSession, RevocationReason, Sessions } from '../../domain/sessions/session.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { auditEach } from '../audit/events.ts';
import { type Database, type Db, type Defer, repeated } from '../d1/database.ts';
import { kept } from '../d1/prepared.ts';
import { accounts, sessions } from '../d1/schema.ts';

/** An account with more live sessions than this sees those used last. */
const MAX_LISTED = 500;

const HOLDER = { sessionId: sessions.id, accountId: sessions.accountId };

export const sessionsIn = (database: Database, defer: Defer): Sessions => ({
  async holder(sessionId, now) {
    const [row] = await holderOf(database.primary, { sessionId, now });
    if (!row) return undefined;
    const { lastUsedAt, ...account } = row;
    return { account: accountFrom(account), lastUsedAt };
  },

  touch(sessionId, now) {
    defer(() => database.primary.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, sessionId)).execute());
  },

  async rotate(presentedHash, nextHash, expiresAt, now) {
    const values = { presentedHash, nextHash, expiresAt, now };
    const [holder] = await repeated((again) =>
      (again === 'first' ? rotateUnspent : rotateAgain)(database.primary, values),
    );
    return holder;
  },

  async spentSince(presentedHash, successorHashes, since, now) {
    const [row] = await database.primary
      .select({ ...HOLDER, tokenHash: sessions.tokenHash })
      .from(sessions)
      .where(
        and(
          holdsOneOf(successorHashes),
          eq(sessions.spentHash, presentedHash),
          sql`${sessions.spentAt} > ${since}`,
          live(now),
        ),
      );
    return row && row.tokenHash !== null ? { ...row, tokenHash: row.tokenHash } : undefined;
  },

  endByToken: (tokenHash, act) =>
    endWhere(
      database.primary,
      sql`${sessions.tokenHash} = ${tokenHash}`,
      { action: 'session.ended', actor: sql`${sessions.accountId}` },
      act,
    ),

  revokeHolder: (tokenHashes, act) =>
    endWhere(database.primary, holdsOneOf(tokenHashes), { action: 'session.reuse_detected' }, act),

  revokeReused: (sessionId, spentHash, act) =>
    endWhere(
      database.primary,
      sql`${sessions.id} = ${sessionId} AND ${sessions.tokenHash} <> ${spentHash}`,
      { action: 'session.reuse_detected' },
      act,
    ),

  end: (holder, act) => endWhere(database.primary, isHeldBy(holder), { action: 'session.ended' }, act),

  list: (accountId, now) =>
    database.primary
      .select({
        id: sessions.id,
        kind: sessions.kind,
        createdAt: sessions.createdAt,
        lastUsedAt: sessions.lastUsedAt,
        expiresAt: sessions.expiresAt,
        userAgent: sessions.userAgent,
        ip: sessions.ip,
      })
      .from(sessions)
      .where(and(eq(sessions.accountId, accountId), live(now)))
      .orderBy(desc(sessions.lastUsedAt), sessions.id)
      .limit(MAX_LISTED),

  revoke: (holder, reason, act) =>
    endWhere(database.primary, isHeldBy(holder), { action: 'session.revoked', reason }, act),

  async revokeAll(accountId, exceptId, reason, act) {
    await endWhere(database.primary, isAnotherOf(accountId, exceptId), { action: 'session.revoked', reason }, act);
  },
});

const HELD = { ...ACCOUNT, lastUsedAt: sessions.lastUsedAt };
const holderOf = kept(HELD, (db) =>
  db
    .select(HELD)
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(
      and(eq(sessions.id, sql.placeholder('sessionId')), unended(sql.placeholder('now')), eq(accounts.active, true)),
    ),
);

const PRESENTED = sql.placeholder('presentedHash');
const NEXT = sql.placeholder('nextHash');
const NOW = sql.placeholder('now');

/** Spends the presented token for the next one; the row decides which call of many does. */
const rotation = (spendable: SQL) =>
  kept(HOLDER, (db) =>
    db
      .update(sessions)
      .set({
        tokenHash: sql`${NEXT}`,
        spentHash: sql`${PRESENTED}`,
        spentAt: sql`${NOW}`,
        lastUsedAt: sql`${NOW}`,
        expiresAt: sql`${sql.placeholder('expiresAt')}`,
      })
      .where(and(spendable, live(NOW)))
      .returning(HOLDER),
  );
const UNSPENT = sql`${sessions.tokenHash} = ${PRESENTED}`;
const rotateUnspent = rotation(UNSPENT);
/** Takes what this very call would have left behind, to the millisecond, so that its repetition is not taken for theft. */
const rotateAgain = rotation(
  sql`(${UNSPENT} OR ${sessions.spentHash} = ${PRESENTED} AND ${sessions.tokenHash} = ${NEXT} AND ${sessions.spentAt} = ${NOW})`,
);

const holdsOneOf = (tokenHashes: readonly string[]): SQL =>
  sql`${sessions.tokenHash} IN (SELECT value FROM json_each(${JSON.stringify(tokenHashes)}))`;

const isHeldBy = ({ sessionId, accountId }: { readonly sessionId: string; readonly accountId: number }): SQL =>
  sql`${sessions.id} = ${sessionId} AND ${sessions.accountId} = ${accountId}`;

/** Every session of an account but for `exceptId`. */
export const isAnotherOf = (accountId: number, exceptId: string | null): SQL =>
  sql`${sessions.accountId} = ${accountId} AND ${sessions.id} IS NOT ${exceptId}`;

const unended = (now: number | Placeholder): SQL =>
  sql`${sessions.revokedAt} IS NULL AND ${sessions.expiresAt} > ${now}`;

/** Not revoked, not expired, and the account active. */
const live = (now: number | Placeholder): SQL =>
  sql`${unended(now)} AND EXISTS (SELECT 1 FROM ${accounts} WHERE ${accounts.id} = ${sessions.accountId} AND ${accounts.active} = 1)`;

/** Opens `session` for the account that `from`, a FROM clause with its WHERE over accounts, finds; for none where it finds none. */
export const insertSession = (db: Db, session: NewSession, from: SQL, act: Act) =>
  db
    .insert(sessions)
    .select(
      sql`SELECT ${session.id}, ${accounts.id}, ${session.kind}, ${session.tokenHash}, NULL, NULL,
        ${act.now}, ${act.now}, ${session.expiresAt}, NULL, ${act.userAgent}, ${act.ip} ${from}`,
    )
    .returning({ id: sessions.id });

interface Ending {
  readonly action: 'session.ended' | 'session.revoked' | 'session.reuse_detected';
  readonly actor?: SQL;
  readonly reason?: RevocationReason;
}

/** The statements that end the live sessions a condition finds, each with its event. */
export function endStatements(db: Db, condition: SQL, { action, actor, reason }: Ending, act: Act) {
  const found = sql`${condition} AND ${live(act.now)}`;
  const detail = reason
    ? sql`json_object('session_id', ${sessions.id}, 'reason', ${reason})`
    : sql`json_object('session_id', ${sessions.id})`;
  const event = {
    action,
    from: sql`FROM ${sessions} WHERE ${found}`,
    account: sql`${sessions.accountId}`,
    detail,
    ...(actor ? { actor } : {}),
  };
  return [
    auditEach(db, event, act),
    db.update(sessions).set({ revokedAt: act.now }).where(found).returning({ id: sessions.id }),
  ] as const;
}

async function endWhere(db: Db, condition: SQL, ending: Ending, act: Act): Promise<boolean> {
  const [, ended] = await db.batch(endStatements(db, condition, ending, act));
  return ended.length > 0;
}
