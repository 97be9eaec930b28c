// The factors of accounts in D1, and their removal by an admin.
import { sql } from 'drizzle-orm';
import type { Factors } from '../../domain/factors/factor.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { recoveryCodes, totp } from '../d1/schema/factors.ts';
import { passkeys } from '../d1/schema/passkeys.ts';
import { queueMail } from '../mail/queue.ts';
import { PASSKEY } from '../passkeys/row.ts';
import { hasFactor, isConfirmed, ownerWhere } from './conditions.ts';
import { recoveryCodesIn } from './recovery-codes.ts';
import { deleteFactors, factorEvents, forgetSecondFactors } from './removal.ts';
import { totpIn } from './totp.ts';

export const factorsIn = (database: Database): Factors => ({
  async overview(accountId) {
    const db = database.primary;
    const { confirmed, codes, keys } = await batchOf(db, {
      confirmed: db.select({ createdAt: totp.confirmedAt }).from(totp).where(isConfirmed(accountId)),
      codes: db
        .select({ left: sql<number>`count(*)`.as('left') })
        .from(recoveryCodes)
        .where(sql`${recoveryCodes.accountId} = ${accountId}`),
      keys: db
        .select(PASSKEY)
        .from(passkeys)
        .where(sql`${passkeys.accountId} = ${accountId}`)
        .orderBy(passkeys.createdAt, passkeys.id),
    });
    const createdAt = confirmed[0]?.createdAt ?? null;
    return { totp: createdAt === null ? null : { createdAt }, recoveryCodesLeft: codes[0]?.left ?? 0, passkeys: keys };
  },

  async hasAny(accountId) {
    const any = sql<number>`${hasFactor(accountId)}`.as('any');
    const [row] = await database.primary.select({ any }).from(sql`(SELECT 1)`);
    return row?.any === 1;
  },

  ...totpIn(database),
  ...recoveryCodesIn(database),

  async removeAll(accountId, notice, audit) {
    const db = database.primary;
    const mayAct = holds(audit.authority, audit.now);
    const { authority, account } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...factorEvents(db, accountId, mayAct, audit),
      ...queueMail(db, notice, { from: ownerWhere(accountId, sql`${hasFactor(accountId)} AND ${mayAct}`) }, audit),
      ...deleteFactors(db, accountId, mayAct),
      sessions: forgetSecondFactors(db, accountId),
      account: db
        .select({ id: accounts.id })
        .from(accounts)
        .where(sql`${accounts.id} = ${accountId} AND ${accounts.deletedAt} IS NULL`),
    });
    return refuseEnded(authority) ?? (account.length > 0 ? 'removed' : refuse('account_not_found'));
  },
});
