// Signing up: the insert decides whether a name is free; a name that is taken is told before a password that is too short.

import type { Act, Origin } from '../audit/event.ts';
import { type Hashing, passwordLength } from '../passwords/hash.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { issueSessionToken, type NewSession, newTokenSession, type SessionToken } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';
import type { Account, AccountData, Identity, NameTaken } from './account.ts';

export interface Registration extends Identity {
  readonly password: string;
  readonly data: AccountData;
}

export interface NewAccount extends Identity {
  readonly passwordHash: string;
  readonly data: AccountData;
}

/** Where accounts are made. */
export interface Registrations {
  /** Which of these names is taken already; the username is looked at first. */
  taken(identity: Identity): Promise<NameTaken | undefined>;
  /** Makes the account, with `session` open where one is given; the unique indexes decide. */
  add(account: NewAccount, session: NewSession | undefined, act: Act): Promise<Account | NameTaken>;
}

interface RegistrationPorts {
  readonly registrations: Registrations;
  readonly hashing: Hashing;
}

export type RegistrationRefusal =
  | NameTaken
  | Refusal<'registration_closed' | 'password_too_short' | 'identity_required'>;

/** Makes an account, and opens `session` with it where one is given. */
export async function register(
  { registrations, hashing }: RegistrationPorts,
  registration: Registration,
  session: NewSession | undefined,
  settings: Settings,
  origin: Origin,
  now: number,
): Promise<Account | RegistrationRefusal> {
  const { username, email, password, data } = registration;
  if (!settings.REGISTRATION_OPEN) return refuse('registration_closed');
  if (username === null && email === null) return refuse('identity_required');
  const tooShort = refuseShort(password, settings);
  if (tooShort) return (await registrations.taken({ username, email })) ?? tooShort;
  const account = { username, email, passwordHash: hashing.hash(password), data };
  return registrations.add(account, session, { ...origin, actorId: null, now });
}

/** Makes an account and logs it in, in one transaction. */
export async function registerForSessionToken(
  ports: RegistrationPorts & { readonly issuer: Issuer },
  registration: Registration,
  settings: Settings,
  origin: Origin,
  now: number,
): Promise<SessionToken | RegistrationRefusal> {
  const session = newTokenSession(settings, now);
  const account = await register(ports, registration, session, settings, origin, now);
  if (isRefusal(account)) return account;
  return issueSessionToken(ports.issuer, { accountId: account.id, sessionId: session.id }, settings, now);
}

/** Refuses a new password below the minimum in force. */
export function refuseShort(password: string, settings: Settings): Refusal<'password_too_short'> | undefined {
  const minimum = settings.PASSWORD_MIN_LENGTH;
  if (passwordLength(password) >= minimum) return undefined;
  return refuse('password_too_short', {
    errors: [{ path: 'password', message: `must be at least ${minimum} characters` }],
  });
}
