// Lockout: wrong passwords are counted by account and network, and by session where a signed-in caller types one.
import type { Account, Identifier } from '../accounts/account.ts';
import { foldKey } from '../accounts/names.ts';
import type { AuditContext } from '../audit-context.ts';
import { sha256Hex } from '../digest.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Wrong passwords in a row before the first lock. */
export const FAILURES_BEFORE_LOCK = 10;
/** The length of the first lock; each further wrong password doubles it. */
export const FIRST_LOCK_MS = MINUTE_MS;
export const LONGEST_LOCK_MS = 15 * MINUTE_MS;
/** Doublings after which the longest lock is reached. */
export const LOCK_DOUBLINGS = 4;

/**
 * Wrong passwords within the window, from all networks together, that lock an account for networks it does not know.
 */
export const FAILURES_BEFORE_ACCOUNT_LOCK = 100;
export const ACCOUNT_WINDOW_MS = HOUR_MS;
export const ACCOUNT_LOCK_MS = 15 * MINUTE_MS;
/** An account knows a network that signed in to it this recently. */
export const KNOWN_NETWORK_MS = 30 * DAY_MS;

/** Failures in a row are forgotten this long after the last one. */
export const FAILURES_FORGOTTEN_AFTER_MS = DAY_MS;

/** A guess at a password. It is counted before it is checked, so that concurrent guesses cannot outrun the count. */
export interface Guess {
  /** The subject that the guess is counted for: an account, an identifier that no account has, or a session. */
  readonly subject: string;
  /** The network that the guess came from; empty where guesses of all networks are counted together. */
  readonly network: string;
  readonly account: Account | undefined;
  /** Undefined where there is no account, or the account has no password. */
  readonly passwordHash: string | undefined;
  /** Whether the account has a confirmed authenticator app, so that its password alone proves nothing. */
  readonly hasTotp: boolean;
  /** Milliseconds since the epoch where a lock forbids the guess, which is not counted then. */
  readonly lockedUntil: number | undefined;
  /** Whether this guess, if it is wrong, is the one that locks. */
  readonly locks: boolean;
}

/** The counts of wrong passwords. */
export interface PasswordGuesses {
  /** Finds the account of an identifier and counts a guess at its password, in one round trip. */
  guessForLogin(identifier: Identifier, unknownSubject: string, audit: AuditContext): Promise<Guess>;
  /** Finds an active account and counts a guess by one of its sessions, in one round trip. */
  guessForSession(accountId: number, sessionId: string, audit: AuditContext): Promise<Guess>;
  /** Records that a guess was wrong; it stays counted. */
  recordWrong(guess: Guess, audit: AuditContext): Promise<void>;
}

/** Whole seconds until a lock ends, at least one: the value of `Retry-After`. */
export const retryAfterSeconds = (lockedUntil: number, now: number): number =>
  Math.max(1, Math.ceil((lockedUntil - now) / 1000));

/**
 * The subject of failures where no account has the identifier. Hashed: people type passwords into name fields.
 */
export async function unknownSubject(identifier: Identifier): Promise<string> {
  const key = 'email' in identifier ? `email:${foldKey(identifier.email)}` : `username:${foldKey(identifier.username)}`;
  return `unknown:${await sha256Hex(key)}`;
}

/** Finds the account of a name and counts a guess at its password. */
export const guessAt = async (
  { guesses }: { readonly guesses: PasswordGuesses },
  identifier: Identifier,
  audit: AuditContext,
): Promise<Guess> => guesses.guessForLogin(identifier, await unknownSubject(identifier), audit);
