// Authenticator apps in D1: the right to change one, and its expected state, are conditions of the writes.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { type Confirmation, type Factors, PENDING_MS } from '../../domain/factors/factor.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { totp } from '../d1/schema/factors.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { queueMail } from '../mail/queue.ts';
import { ONE_FACTOR, TWO_FACTORS } from '../sessions/authentication.ts';
import { isConfirmed, ownerWhere } from './conditions.ts';
import { insertCodes } from './recovery-codes.ts';
import { deleteTotp, forgetSecondFactors, totpEvent } from './removal.ts';

type Totp = Pick<Factors, 'beginTotp' | 'pendingTotp' | 'confirmTotp' | 'removeTotp'>;

export const totpIn = (database: Database): Totp => ({
  beginTotp: (box, audit) => begin(database.primary, box, audit),

  async pendingTotp(accountId, now) {
    const [row] = await database.primary.select({ box: totp.box }).from(totp).where(isPending(accountId, now));
    return row?.box;
  },

  confirmTotp: (confirmation, notice, audit) => confirm(database.primary, confirmation, notice, audit),

  async removeTotp(notice, audit) {
    const db = database.primary;
    const accountId = audit.actorId;
    const from = sql`FROM ${totp} WHERE ${isConfirmed(accountId)} AND ${holds(audit.authority, audit.now)}`;
    const { authority, totp: removed } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      event: totpEvent(db, 'factor.removed', from, audit),
      ...queueMail(db, notice, { from: ownerWhere(accountId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
      ...deleteTotp(db, accountId, sql`EXISTS (SELECT 1 ${from})`),
      sessions: forgetSecondFactors(db, accountId),
    });
    if (removed.length > 0) return 'removed';
    return refuse(refuseEnded(authority) ? 'token_revoked' : 'factor_not_found');
  },
});

async function begin(db: Db, box: string, audit: AuthorizedContext) {
  const mayAct = holds(audit.authority, audit.now);
  const { authority, begun } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, audit.now),
    begun: db
      .insert(totp)
      .select(
        sql`SELECT ${accounts.id}, ${box}, ${audit.now}, NULL, 0, 0, '[]'
          FROM ${accounts} WHERE ${accounts.id} = ${audit.actorId} AND ${mayAct}`,
      )
      .onConflictDoUpdate({
        target: totp.accountId,
        set: { box, createdAt: audit.now },
        setWhere: sql`${totp.confirmedAt} IS NULL`,
      })
      .returning({ accountId: totp.accountId }),
  });
  if (begun.length > 0) return 'pending';
  return refuse(refuseEnded(authority) ? 'token_revoked' : 'factor_enrolled');
}

/** The box is still the one that the code was checked with: another call may have replaced it. */
async function confirm(
  db: Db,
  { box, step, recoveryCodeHashes }: Confirmation,
  notice: NewMail | undefined,
  audit: AuthorizedContext,
) {
  const { actorId, now } = audit;
  const isTheirs = sql`${isPending(actorId, now)} AND ${totp.box} = ${box} AND ${holds(audit.authority, now)}`;
  const from = sql`FROM ${totp} WHERE ${isTheirs}`;
  const isDone = sql`EXISTS (SELECT 1 FROM ${totp} WHERE ${isConfirmed(actorId)} AND ${totp.box} = ${box})`;
  const isActing = sql`${sessions.id} = ${audit.sessionId} AND ${sessions.accountId} = ${actorId}`;
  const provedOne = sql`coalesce(${sessions.amr}, ${ONE_FACTOR}) = ${ONE_FACTOR}`;
  const { authority, confirmed } = await batchOf(db, {
    authority: selectAuthority(db, audit.authority, now),
    event: totpEvent(db, 'factor.enrolled', from, audit),
    ...queueMail(db, notice, { from: ownerWhere(actorId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
    codes: insertCodes(db, recoveryCodeHashes, from, audit),
    confirmed: db
      .update(totp)
      .set({ confirmedAt: now, lastStep: step })
      .where(isTheirs)
      .returning({ accountId: totp.accountId }),
    session: db.update(sessions).set({ amr: TWO_FACTORS }).where(sql`${isActing} AND ${provedOne} AND ${isDone}`),
  });
  if (confirmed.length > 0) return 'confirmed';
  return refuse(refuseEnded(authority) ? 'token_revoked' : 'factor_not_pending');
}

const isPending = (accountId: number, now: number): SQL =>
  sql`${totp.accountId} = ${accountId} AND ${totp.confirmedAt} IS NULL AND ${totp.createdAt} > ${now - PENDING_MS}`;
