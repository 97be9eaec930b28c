// Opening sessions in D1: the evidence of a proof is a condition of the insert, and the inserted row decides the rest.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { Method } from '../../domain/sessions/authentication.ts';
import type { NewSession } from '../../domain/sessions/session.ts';
import { methodsOf, type Proof } from '../../domain/sign-in/proof.ts';
import type { Overtaken, SignInNeeds, SignIns } from '../../domain/sign-in/sign-in.ts';
import { isLive } from '../accounts/conditions.ts';
import { auditEach, auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { rowsFrom } from '../d1/row-where.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { IS_VERIFIED, IS_VERIFIED_OR_NONE } from '../email/conditions.ts';
import { requestMail } from '../mail/queue.ts';
import { wasClaimed } from '../passkeys/assertions.ts';
import { rememberNetwork } from '../passwords/known-networks.ts';
import { AMR_JSON, amrOf } from './authentication.ts';
import { allHold, claimsOf, effectsOf, firstFailed, selectHeld } from './evidence.ts';

export const signInsIn = (database: Database): SignIns => ({
  openSession: (proof, needs, session, audit) => orClaimed(open(database.primary, proof, needs, session, audit)),

  async renewSession(proof, audit) {
    const db = database.primary;
    const isActing = sql`${sessions.id} = ${audit.sessionId} AND ${sessions.accountId} = ${proof.account.id}
      AND ${isLive(audit.now)}`;
    const isRenewed = sql`EXISTS (SELECT 1 FROM ${sessions} WHERE ${isActing}
      AND ${sessions.authenticatedAt} = ${audit.now})`;
    const batch = batchOf(db, {
      ...claimsOf(db, proof),
      held: selectHeld(db, proof),
      renewed: db
        .update(sessions)
        .set({ authenticatedAt: audit.now, amr: amrOf(methodsOf(proof)) })
        .where(sql`${isActing} AND ${allHold(proof)}`)
        .returning({ id: sessions.id }),
      ...effectsOf(db, proof, isRenewed, audit),
      live: db.select({ id: sessions.id }).from(sessions).where(isActing),
    });
    return orClaimed(
      batch.then(({ renewed, live, held }) => {
        if (renewed.length > 0) return 'renewed';
        return live.length > 0 ? { overtaken: firstFailed(proof, held) } : 'ended';
      }),
    );
  },

  async recordRefusal(proof, reason, mail, audit) {
    const db = database.primary;
    const batch = batchOf(db, {
      ...claimsOf(db, proof),
      event: auditEvent(db, 'login.refused', proof.account.id, audit, { reason }),
      ...effectsOf(db, proof, sql`1`, audit),
      ...requestMail(db, mail, sql`${accounts.id} = ${proof.account.id} AND NOT (${IS_VERIFIED})`, audit),
    });
    await orClaimed(batch);
  },
});

async function open(db: Db, proof: Proof, needs: SignInNeeds, session: NewSession, audit: AuditContext) {
  const { id } = proof.account;
  const isOpen = sql`EXISTS (SELECT 1 FROM ${sessions} WHERE ${sessions.id} = ${session.id})`;
  const { opened, account, held } = await batchOf(db, {
    ...claimsOf(db, proof),
    held: selectHeld(db, proof),
    opened: insertSession(db, session, methodsOf(proof), provenAccount(proof, needs), audit),
    event: loginEvent(db, session, audit),
    ...effectsOf(db, proof, isOpen, audit),
    network: rememberNetwork(db, id, isOpen, audit),
    account: db
      .select({ active: accounts.active, emailKey: accounts.emailKey, verifiedEmailKey: accounts.verifiedEmailKey })
      .from(accounts)
      .where(sql`${accounts.id} = ${id}`),
  });
  if (opened.length > 0) return 'opened';
  const [row] = account;
  if (row && !row.active) return 'account_disabled';
  const isUnverified = needs.verifiedEmail && row && row.emailKey !== null && row.emailKey !== row.verifiedEmailKey;
  return isUnverified ? 'email_not_verified' : { overtaken: firstFailed(proof, held) };
}

/** The account of a proof, while it is active and every piece of evidence still holds. */
const provenAccount = (proof: Proof, { verifiedEmail }: SignInNeeds): SQL =>
  sql`FROM ${accounts} WHERE ${accounts.id} = ${proof.account.id} AND ${accounts.active} = 1
    AND ${verifiedEmail ? IS_VERIFIED_OR_NONE : sql`1`} AND ${allHold(proof)}`;

/** A challenge that was used before fails the batch: the passkey's assertion was replayed. */
async function orClaimed<T>(batch: Promise<T>): Promise<T | Overtaken> {
  try {
    return await batch;
  } catch (error) {
    if (wasClaimed(error)) return { overtaken: 'passkey' };
    throw error;
  }
}

const loginEvent = (db: Db, session: NewSession, audit: AuditContext) => {
  const detail = sql`json_object('session_id', ${sessions.id}, 'kind', ${sessions.kind}, 'amr', ${AMR_JSON})`;
  const from = sql`FROM ${sessions} WHERE ${sessions.id} = ${session.id}`;
  return auditEach(db, { action: 'login.succeeded', from, account: sql`${sessions.accountId}`, detail }, audit);
};

/** Inserts `session` for the account that `from` finds, a FROM clause over accounts; for none where it finds none. */
export const insertSession = (
  db: Db,
  session: NewSession,
  methods: readonly Method[],
  from: SQL,
  audit: AuditContext,
) =>
  db
    .insert(sessions)
    .select(
      rowsFrom(
        sessions,
        {
          ...session,
          accountId: sql`${accounts.id}`,
          createdAt: audit.now,
          lastUsedAt: audit.now,
          userAgent: audit.userAgent,
          ip: audit.ip,
          authenticatedAt: audit.now,
          amr: amrOf(methods),
        },
        from,
      ),
    )
    .returning({ id: sessions.id });
