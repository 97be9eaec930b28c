// A proof opens a session: an account, and everything that must still be true when the session is written.
import type { Account } from '../accounts/account.ts';
import type { RecoveryCodeEvidence, TotpEvidence } from '../factors/second-factor.ts';
import { mailsIn, type NewMail } from '../mail/mail.ts';
import type { PasskeyEvidence } from '../passkeys/passkey.ts';
import type { PasswordEvidence } from '../passwords/check.ts';
import type { Method } from '../sessions/authentication.ts';

/** One way to prove an account. The store turns each kind into a condition of the write that opens the session. */
export type Evidence =
  | (PasswordEvidence & {
      /** The hash to store from now on, where the matched one has outdated parameters. */
      readonly rehash?: string;
    })
  | TotpEvidence
  | RecoveryCodeEvidence
  | PasskeyEvidence;

/** A password alone proves an account that has no authenticator app, and must still have none. */
export interface Proof {
  readonly account: Account;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** The methods of a proof (RFC 8176). A passkey is two factors: a key, and what unlocked it. */
export function methodsOf({ evidence }: Proof): readonly Method[] {
  const passkey = evidence.find((each) => each.kind === 'passkey');
  if (passkey) return [passkey.isSynced ? 'swk' : 'hwk', 'user', 'mfa'];
  return evidence.length > 1 ? ['pwd', 'otp', 'mfa'] : ['pwd'];
}

/** The mails that are queued with the write that uses a proof. */
export const noticesOf = ({ evidence }: Proof): readonly NewMail[] =>
  mailsIn(evidence.map((each) => (each.kind === 'recovery_code' ? each.notice : undefined)));
