// Authenticator apps and recovery codes, as the factors, guesses and sign-ins in memory share them.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { RecoveryCodeEvidence } from '../../../src/domain/factors/second-factor.ts';
import { record } from './audit-trail.ts';
import { queueMail } from './mails.ts';
import type { State, StoredTotp } from './state.ts';

/** The authenticator app of an account, if a code confirmed it. */
export function confirmedTotp(state: State, accountId: number): StoredTotp | undefined {
  const totp = state.totps.get(accountId);
  return totp && totp.confirmedAt !== null ? totp : undefined;
}

/** A right code ends the row of wrong ones. */
export function acceptCode(state: State, accountId: number, accepted: Partial<StoredTotp>): void {
  const totp = state.totps.get(accountId);
  if (totp) state.totps.set(accountId, { ...totp, ...accepted, wrongCodes: 0, triedAt: [] });
}

/** Uses a recovery code up, with an event and its notice. */
export function acceptRecoveryCode(
  state: State,
  account: Account,
  { hash, notice }: RecoveryCodeEvidence,
  audit: AuditContext,
): void {
  const codes = state.recoveryCodes.get(account.id) ?? new Map<string, number>();
  if (!codes.has(hash)) return;
  record(state, 'recovery_code.used', account.id, audit);
  queueMail(state, notice, account, audit);
  state.recoveryCodes.set(account.id, new Map([...codes].filter(([code]) => code !== hash)));
  acceptCode(state, account.id, {});
}
