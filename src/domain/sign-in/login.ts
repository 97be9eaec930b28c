// Logging in: one look, one hash, one write. The same work and the same words whether the account exists or not.
import type { Account, Identifier } from '../accounts/account.ts';
import { foldKey } from '../accounts/account.ts';
import type { Act, Origin } from '../audit/event.ts';
import { type Hashing, isOutdated } from '../passwords/hash.ts';
import { retryAfterSeconds } from '../passwords/lockout.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { hashToken, type RefreshTokens } from '../sessions/refresh-token.ts';
import {
  issuePair,
  issueSessionToken,
  type NewSession,
  newPairSession,
  newTokenSession,
  type SessionToken,
  type TokenPair,
} from '../sessions/session.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';

/** What is known of an identifier before its password is checked. */
export interface LoginRecord {
  readonly account: Account | undefined;
  readonly passwordHash: string | undefined;
  /** Whom wrong passwords are counted for: the account, or an identifier that has none. */
  readonly subject: string;
  /** Milliseconds since the epoch; in the past where nothing is locked. */
  readonly lockedUntil: number;
}

/** What a session may be opened on: the hash that was verified, still in place when the session is written. */
export interface VerifiedLogin {
  readonly accountId: number;
  readonly passwordHash: string;
  readonly subject: string;
  /** The hash to keep from now on, where the verified one has older parameters. */
  readonly rehash: string | undefined;
}

/** Where logins are decided. */
export interface Logins {
  /** The account behind an identifier; `unknownSubject` is counted for where there is none. */
  find(identifier: Identifier, unknownSubject: string): Promise<LoginRecord>;
  /** The same, by id. */
  findById(accountId: number): Promise<LoginRecord>;
  /** Opens the session if the account is active, unlocked and has this hash still; clears the count of wrong passwords. */
  open(login: VerifiedLogin, session: NewSession, act: Act): Promise<boolean>;
  /** Counts a wrong password; where the subject is locked already, counts nothing and answers until when. */
  countFailure(
    subject: string,
    accountId: number | null,
    act: Act,
  ): Promise<{ readonly lockedUntil: number } | undefined>;
  /** Records a login that was refused for another reason than its password. */
  recordRefusal(accountId: number, detail: string, act: Act): Promise<void>;
}

/** What checking a password needs. */
export interface PasswordPorts {
  readonly logins: Logins;
  readonly hashing: Hashing;
}

export interface LoginPorts extends PasswordPorts {
  readonly settings: SettingsStore;
  readonly issuer: Issuer;
  readonly refreshTokens: RefreshTokens;
}

export type LoginRefusal = Refusal<'invalid_credentials' | 'account_disabled' | 'too_many_attempts'>;

export interface Credentials {
  readonly identifier: Identifier;
  readonly password: string;
}

/** Logs in for an access and a refresh token. */
export async function logInForPair(
  ports: LoginPorts,
  credentials: Credentials,
  origin: Origin,
  now: number,
): Promise<TokenPair | LoginRefusal> {
  const settings = await ports.settings.current(now);
  const { session, refresh } = await newPairSession(settings, now);
  const account = await logIn(ports, credentials, session, origin, now);
  if (isRefusal(account)) return account;
  return issuePair(ports, { accountId: account.id, sessionId: session.id }, refresh, settings, now);
}

/** Logs in for a session token. */
export async function logInForSessionToken(
  ports: LoginPorts,
  credentials: Credentials,
  origin: Origin,
  now: number,
): Promise<SessionToken | LoginRefusal> {
  const settings = await ports.settings.current(now);
  const session = newTokenSession(settings, now);
  const account = await logIn(ports, credentials, session, origin, now);
  if (isRefusal(account)) return account;
  return issueSessionToken(ports.issuer, { accountId: account.id, sessionId: session.id }, settings, now);
}

/** Opens `session` for whoever the credentials are right for. */
export async function logIn(
  ports: PasswordPorts,
  { identifier, password }: Credentials,
  session: NewSession,
  origin: Origin,
  now: number,
): Promise<Account | LoginRefusal> {
  const { logins, hashing } = ports;
  const record = await logins.find(identifier, await unknownSubjectOf(identifier));
  const { account, subject } = record;
  const act = { ...origin, actorId: account?.id ?? null, now };
  const verified = await checkPassword(ports, record, password, act);
  if (isRefusal(verified)) return verified.refused === 'wrong_password' ? refuse('invalid_credentials') : verified;
  const { account: known, passwordHash } = verified;
  if (!known.active) {
    await logins.recordRefusal(known.id, 'account_disabled', act);
    return refuse('account_disabled');
  }
  const rehash = isOutdated(passwordHash) ? hashing.hash(password) : undefined;
  const opened = await logins.open({ accountId: known.id, passwordHash, subject, rehash }, session, act);
  return opened ? known : refuseOvertaken(logins, identifier, subject, now);
}

/** Checks a password against a record; a wrong one is counted. Locked subjects are refused with no look at the password. */
export async function checkPassword(
  { logins, hashing }: PasswordPorts,
  { account, passwordHash, subject, lockedUntil }: LoginRecord,
  password: string,
  act: Act,
): Promise<
  { readonly account: Account; readonly passwordHash: string } | Refusal<'wrong_password' | 'too_many_attempts'>
> {
  if (lockedUntil > act.now)
    return refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(lockedUntil, act.now) });
  const matches = hashing.verify(passwordHash, password);
  if (matches && account && passwordHash) return { account, passwordHash };
  const locked = await logins.countFailure(subject, account?.id ?? null, act);
  return locked
    ? refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(locked.lockedUntil, act.now) })
    : refuse('wrong_password');
}

/** A right password whose account was locked, disabled, changed or deleted while it was being hashed. */
async function refuseOvertaken(
  logins: Logins,
  identifier: Identifier,
  unknownSubject: string,
  now: number,
): Promise<LoginRefusal> {
  const { account, lockedUntil } = await logins.find(identifier, unknownSubject);
  if (lockedUntil > now) return refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(lockedUntil, now) });
  return account && !account.active ? refuse('account_disabled') : refuse('invalid_credentials');
}

/** Hashed, because people type passwords where a name belongs. */
const unknownSubjectOf = async (identifier: Identifier): Promise<string> =>
  `unknown:${await hashToken('email' in identifier ? `email:${foldKey(identifier.email)}` : `username:${foldKey(identifier.username)}`)}`;
