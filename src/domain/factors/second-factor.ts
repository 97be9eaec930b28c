// The second factor of a password: a code of the authenticator app, or a recovery code. Guesses are limited, and
// counted before they are checked.
import type { Account } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { type Guess, retryAfterSeconds } from '../passwords/lockout.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { decrypt, encrypt, type MissingKey } from '../tokens/encryption.ts';
import type { Keys } from '../tokens/keys.ts';
import { recoveryCodeHashes } from './recovery-code.ts';
import { isCode, matchingStep } from './totp.ts';

/** The second factors of an account with an authenticator app. */
const SECOND_FACTORS = ['totp', 'recovery_code'] as const;

/**
 * Wrong codes in a row that are checked within any window, over all networks and sessions of an account. Three codes of
 * six digits are valid at a time, so an attacker with the password finds one with odds of 1 in 67 000 a window.
 */
export const CODES_PER_WINDOW = 5;
export const CODE_WINDOW_MS = 15 * 60 * 1000;
/** Wrong codes in a row after which the password ends: it is known to somebody who has no second factor. */
export const WRONG_CODES_END_PASSWORD = 50;

/** A right code. Its step is later than any accepted one; the write that relies on the code repeats that condition. */
export interface TotpEvidence {
  readonly kind: 'totp';
  /** The box of the secret that the code was checked with. */
  readonly box: string;
  readonly step: number;
  /** The secret encrypted under the current key, where `box` is of an older one. */
  readonly newBox?: string;
}

/** A recovery code of the account. The write that relies on it requires that it is still stored. */
export interface RecoveryCodeEvidence {
  readonly kind: 'recovery_code';
  readonly hash: string;
  /** Queued with the write that uses the code up. */
  readonly notice: NewMail | undefined;
}

/** A guess at a code, counted before it is checked, so that concurrent guesses cannot outrun the count. */
export interface CodeGuess {
  readonly box: string;
  readonly lastStep: number;
  /** The stored hash of the recovery code that was sent; null where the account has no such code. */
  readonly recoveryCodeHash: string | null;
}

/** A wrong code beside a right password. */
export interface WrongCode {
  readonly password: Guess;
  /** The id of the key that the app's secret is encrypted under, where SECRET_KEYS lacks it. */
  readonly missingKeyId?: string | undefined;
}

/** The counts of wrong codes. */
export interface CodeGuesses {
  /**
   * Counts a guess at an account's code, unless too many were wrong in the window, and loads the data to check it with.
   * A recovery code is found by any of the texts that may be stored for it. Undefined where the account has no
   * authenticator app any more.
   */
  reserve(
    accountId: number,
    recoveryCodeHashes: readonly string[],
    now: number,
  ): Promise<CodeGuess | { readonly lockedUntil: number } | undefined>;
  /**
   * Records that the code beside a right password was wrong. Both guesses stay counted; the one that reaches the limit
   * ends the password, and queues the notice. A missing key is recorded, and logged for the operator.
   */
  recordWrongCode(
    wrong: WrongCode,
    notice: NewMail | undefined,
    audit: AuditContext,
  ): Promise<'counted' | 'password_ended'>;
  /** Uncounts the guess at a password that was right but not enough, and records why the login was refused. */
  giveBack(password: Guess, reason: 'second_factor_required' | 'too_many_attempts', audit: AuditContext): Promise<void>;
}

export interface SecondFactorPorts {
  readonly codeGuesses: CodeGuesses;
  readonly mailing: Mailing;
  readonly issuer: { readonly keys: Keys };
}

export type SecondFactorRefusal = Refusal<'second_factor_required' | 'invalid_second_factor' | 'too_many_attempts'>;

/**
 * Checks the code beside a right password, for an account with an authenticator app. A login without a code changes no
 * count: an attacker who knows the password alone gains nothing by it.
 */
export async function checkSecondFactor(
  ports: SecondFactorPorts,
  account: Account,
  password: Guess,
  otp: string | undefined,
  audit: AuditContext,
): Promise<readonly (TotpEvidence | RecoveryCodeEvidence)[] | SecondFactorRefusal> {
  const { codeGuesses } = ports;
  if (otp === undefined) {
    await codeGuesses.giveBack(password, 'second_factor_required', audit);
    return refuse('second_factor_required', { factors: SECOND_FACTORS });
  }
  const hashes = await recoveryCodeHashes(ports.issuer.keys, account.id, otp);
  const guess = await codeGuesses.reserve(account.id, hashes, audit.now);
  if (!guess) return [];
  if ('lockedUntil' in guess) {
    await codeGuesses.giveBack(password, 'too_many_attempts', audit);
    return refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(guess.lockedUntil, audit.now) });
  }
  if (guess.recoveryCodeHash !== null) {
    const notice = newMail(ports.mailing, 'recovery_code_used', {}, audit.now);
    return [{ kind: 'recovery_code', hash: guess.recoveryCodeHash, notice }];
  }
  const evidence = await checkTotp(ports.issuer.keys, account.id, guess, otp, audit.now);
  if (evidence && 'kind' in evidence) return [evidence];
  await recordWrong(ports, { password, ...evidence }, audit);
  return refuse('invalid_second_factor');
}

async function recordWrong({ codeGuesses, mailing }: SecondFactorPorts, wrong: WrongCode, audit: AuditContext) {
  const notice = newMail(mailing, 'password_ended', {}, audit.now);
  const outcome = await codeGuesses.recordWrongCode(wrong, notice, audit);
  if (outcome === 'password_ended') mailing.deliverSoon(mailsIn([notice]), audit.now);
}

/** The owner that the encryption of a TOTP secret is bound to. */
export const ownerOf = (accountId: number): string => `account ${accountId}`;

/** Undefined for a wrong code; the id of the secret's key where that key is missing. */
async function checkTotp(
  keys: Keys,
  accountId: number,
  { box, lastStep }: CodeGuess,
  otp: string,
  now: number,
): Promise<TotpEvidence | MissingKey | undefined> {
  const code = otp.replaceAll(/\s/g, '');
  if (!isCode(code)) return undefined;
  const decrypted = await decrypt(keys, 'totp secret', box, ownerOf(accountId));
  if ('missingKeyId' in decrypted) return decrypted;
  const { text: secret, isOutdated } = decrypted;
  const step = await matchingStep(secret, code, lastStep, now);
  if (step === undefined) return undefined;
  const newBox = isOutdated ? await encrypt(keys, 'totp secret', secret, ownerOf(accountId)) : undefined;
  return { kind: 'totp', box, step, ...(newBox === undefined ? {} : { newBox }) };
}
