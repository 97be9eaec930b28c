// Enrolling an authenticator app: a secret that is shown once, a first code that confirms it, and recovery codes.
import type { Account } from '../accounts/account.ts';
import type { AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, newMail } from '../mail/mail.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { decrypt, encrypt } from '../tokens/encryption.ts';
import type { Keys } from '../tokens/keys.ts';
import { toBase32 } from './base32.ts';
import type { Factors } from './factor.ts';
import { newRecoveryCodes } from './recovery-code.ts';
import { ownerOf } from './second-factor.ts';
import { isCode, matchingStep, SECRET_BYTES, totpUri } from './totp.ts';

interface EnrolmentPorts {
  readonly factors: Factors;
  readonly settings: SettingsStore;
  readonly issuer: { readonly keys: Keys };
  readonly mailing: Mailing;
}

/** The data that sets up an authenticator app. It is shown once, and the secret is stored encrypted. */
export interface TotpSetup {
  /** In base32, for typing. */
  readonly secret: string;
  readonly uri: string;
  /** The address as a QR code, in SVG. */
  readonly qr: string;
}

/** Makes a pending secret, which a first code has to confirm. */
export async function beginTotp(
  { factors, settings, issuer }: Omit<EnrolmentPorts, 'mailing'>,
  { id, email, username }: Account,
  audit: AuthorizedContext,
): Promise<TotpSetup | Refusal<'factor_enrolled' | 'token_revoked'>> {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const box = await encrypt(issuer.keys, 'totp secret', bytes, ownerOf(id));
  const begun = await factors.beginTotp(box, audit);
  if (isRefusal(begun)) return begun;
  const secret = toBase32(bytes);
  const { SERVICE_NAME: serviceName } = await settings.current(audit.now);
  const uri = totpUri(secret, serviceName, email ?? username ?? String(id));
  // Loaded at first use: most requests draw no QR code.
  const { renderSVG } = await import('uqr');
  return { secret, uri, qr: renderSVG(uri) };
}

/** Confirms the pending secret by a code of it. Wrong codes are not counted: the caller was shown the secret. */
export async function confirmTotp(
  { factors, issuer, mailing }: Omit<EnrolmentPorts, 'settings'>,
  otp: string | undefined,
  audit: AuthorizedContext,
): Promise<readonly string[] | Refusal<'invalid_confirmation_code' | 'factor_not_pending' | 'token_revoked'>> {
  const accountId = audit.actorId;
  const box = await factors.pendingTotp(accountId, audit.now);
  if (box === undefined) return refuse('factor_not_pending');
  const decrypted = await decrypt(issuer.keys, 'totp secret', box, ownerOf(accountId));
  if ('missingKeyId' in decrypted) return refuse('factor_not_pending');
  const code = (otp ?? '').replaceAll(/\s/g, '');
  const step = isCode(code) ? await matchingStep(decrypted.text, code, 0, audit.now) : undefined;
  if (step === undefined) return refuse('invalid_confirmation_code');
  const { codes, hashes } = await newRecoveryCodes(issuer.keys, accountId);
  const notice = newMail(mailing, 'factor_added', { factor: 'totp' }, audit.now);
  const confirmed = await factors.confirmTotp({ box, step, recoveryCodeHashes: hashes }, notice, audit);
  if (isRefusal(confirmed)) return confirmed;
  mailing.deliverSoon(mailsIn([notice]), audit.now);
  return codes;
}

/** Replaces the recovery codes by new ones. */
export async function remakeRecoveryCodes(
  { factors, issuer, mailing }: Omit<EnrolmentPorts, 'settings'>,
  audit: AuthorizedContext,
): Promise<readonly string[] | Refusal<'factor_not_found' | 'token_revoked'>> {
  const { codes, hashes } = await newRecoveryCodes(issuer.keys, audit.actorId);
  const notice = newMail(mailing, 'recovery_codes_made', {}, audit.now);
  const replaced = await factors.replaceRecoveryCodes(hashes, notice, audit);
  if (isRefusal(replaced)) return replaced;
  mailing.deliverSoon(mailsIn([notice]), audit.now);
  return codes;
}
