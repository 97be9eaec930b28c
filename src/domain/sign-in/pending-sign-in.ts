// A sign-in between its two pages: the password was right, and the second factor is asked for on a page of its own.
import { base64url } from 'jose';
import type { Identifier } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { checkSecondFactor, type SecondFactorRefusal } from '../factors/second-factor.ts';
import { type Guess, guessAt, retryAfterSeconds } from '../passwords/lockout.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Keys } from '../tokens/keys.ts';
import { isMac, macOf } from '../tokens/mac.ts';
import { type CredentialPorts, checkCredentials } from './credentials.ts';
import type { Proof } from './proof.ts';
import type { Credentials } from './sign-in.ts';

/** How long a person may take to find their code. */
const PENDING_MS = 5 * 60 * 1000;

export interface PendingSignIn {
  /** A token for the right password, in the form of the second factor: it signs in only with a code of that account. */
  readonly pending: string;
}

type PasswordCredentials = Omit<Credentials, 'otp'>;

/** The proof of an account without a second factor; a pending sign-in where its app is still to be asked for a code. */
export async function proofOfPassword(
  ports: CredentialPorts,
  { identifier, password }: PasswordCredentials,
  audit: AuditContext,
): Promise<Proof | PendingSignIn | Refusal<'invalid_credentials'> | SecondFactorRefusal> {
  const guess = await guessAt(ports, identifier, audit);
  const context = { ...audit, actorId: guess.account?.id ?? null };
  const proof = await checkCredentials(ports, guess, { password, otp: undefined }, context);
  if (!isRefusal(proof)) return proof;
  if (proof.refused === 'wrong_password') return refuse('invalid_credentials');
  if (proof.refused !== 'second_factor_required') return proof;
  return { pending: await pendingFor(ports.issuer.keys, identifier, guess, audit.now) };
}

/**
 * The proof of a pending sign-in and a code. The token counts as a guess at the password, as if that had been typed
 * again: a forged or expired one, or one of an earlier password, is a wrong guess.
 */
export async function proofOfPending(
  ports: CredentialPorts,
  pending: string,
  otp: string | undefined,
  audit: AuditContext,
): Promise<Proof | Refusal<'invalid_credentials'> | SecondFactorRefusal> {
  const claimed = parse(pending);
  if (!claimed || claimed.expiresAt <= audit.now) return refuse('invalid_credentials');
  const guess = await guessAt(ports, claimed.identifier, audit);
  const { account, passwordHash = '', lockedUntil } = guess;
  const context = { ...audit, actorId: account?.id ?? null };
  if (lockedUntil !== undefined)
    return refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(lockedUntil, audit.now) });
  const isRight = await isMac(ports.issuer.keys, 'pending sign-in', message(claimed, passwordHash), claimed.mac);
  if (!isRight || !account || passwordHash === '') {
    await ports.guesses.recordWrong(guess, context);
    return refuse('invalid_credentials');
  }
  const second = guess.hasTotp ? await checkSecondFactor(ports, account, guess, otp, context) : [];
  return isRefusal(second) ? second : { account, evidence: [{ kind: 'password', passwordHash, guess }, ...second] };
}

interface Claimed {
  readonly identifier: Identifier;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The hash that the password matched is in the MAC: a new password ends every pending sign-in. */
const message = ({ identifier, expiresAt }: Claimed, passwordHash: string): string =>
  JSON.stringify([nameOf(identifier), passwordHash, expiresAt]);

const nameOf = (identifier: Identifier) =>
  'email' in identifier ? ['email', identifier.email] : ['username', identifier.username];

async function pendingFor(
  keys: Keys,
  identifier: Identifier,
  { passwordHash = '' }: Guess,
  now: number,
): Promise<string> {
  const claimed = { identifier, expiresAt: now + PENDING_MS };
  const mac = await macOf(keys, 'pending sign-in', message(claimed, passwordHash));
  return [encode(JSON.stringify([...nameOf(identifier), claimed.expiresAt])), base64url.encode(mac)].join('.');
}

const encode = (text: string): string => base64url.encode(new TextEncoder().encode(text));

/** The claims of a token before its MAC is checked; undefined for any other text. */
function parse(pending: string): (Claimed & { readonly mac: Uint8Array<ArrayBuffer> }) | undefined {
  const [claims = '', mac = ''] = pending.split('.');
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(base64url.decode(claims)));
    if (!Array.isArray(parsed)) return undefined;
    const [kind, name, expiresAt]: readonly unknown[] = parsed;
    if (typeof name !== 'string' || typeof expiresAt !== 'number') return undefined;
    const identifier = kind === 'email' ? { email: name } : { username: name };
    return { identifier, expiresAt, mac: Uint8Array.from(base64url.decode(mac)) };
  } catch {
    return undefined;
  }
}
