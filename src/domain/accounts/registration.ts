// Signing up: the insert decides whether a name is free. A taken name is reported before a short password.
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { requiresVerifiedEmail } from '../email/verification.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import type { Hashing } from '../passwords/hash.ts';
import { type PasswordPolicy, refuseWeak, type WeakPassword } from '../passwords/policy.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { byPassword } from '../sessions/authentication.ts';
import { issueSessionToken, newTokenSession, type SessionToken } from '../sessions/issue.ts';
import type { AuthenticatedSession, NewSession } from '../sessions/session.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
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

/** An account that an admin makes for somebody else, who sets its password by a mailed link. */
export interface Invitation {
  readonly email: string;
  readonly mail: NewMail;
}

/** Creates accounts. */
export interface Registrations {
  /** Which of these names is taken; the username is checked first. */
  taken(identity: Identity, now: number): Promise<NameTaken | undefined>;
  /**
   * Creates the account; opens the session and queues the mail with it, where given. The unique indexes decide whether
   * a name is free.
   */
  add(
    account: NewAccount,
    session: NewSession | undefined,
    mail: NewMail | undefined,
    audit: AuditContext,
  ): Promise<Account | NameTaken>;
  /** Creates an account without a password, where the authority holds. */
  invite(
    invitation: Invitation,
    audit: AuthorizedContext,
  ): Promise<Account | NameTaken | Refusal<'token_revoked' | 'forbidden'>>;
}

export interface RegistrationPorts extends PasswordPolicy {
  readonly registrations: Registrations;
  readonly hashing: Hashing;
  readonly settings: SettingsStore;
  readonly mailing: Mailing;
}

export type RegistrationRefusal = NameTaken | WeakPassword | Refusal<'registration_closed' | 'identity_required'>;

/** Creates an account. */
export async function register(
  ports: RegistrationPorts,
  registration: Registration,
  audit: AuditContext,
): Promise<Account | RegistrationRefusal> {
  return create(ports, registration, undefined, await ports.settings.current(audit.now), audit);
}

/** Creates an account and logs it in for a session token. A username is required where `USERNAME_REQUIRED` is true. */
export async function registerForSessionToken(
  ports: RegistrationPorts & { readonly issuer: Issuer },
  registration: Registration,
  audit: AuditContext,
): Promise<SessionToken | 'unverified' | RegistrationRefusal> {
  const settings = await ports.settings.current(audit.now);
  if (settings.USERNAME_REQUIRED && registration.username === null) return refuse('identity_required');
  const session = newTokenSession(settings, audit.now);
  const opened = await registerWithSession(ports, registration, session, settings, audit);
  if (isRefusal(opened) || opened === 'unverified') return opened;
  return issueSessionToken(ports.issuer, opened, settings, audit.now);
}

/**
 * Creates an account and opens its session, in one transaction. No session opens for an account that must verify its
 * email first.
 */
export async function registerWithSession(
  ports: RegistrationPorts,
  registration: Registration,
  session: NewSession,
  settings: Settings,
  audit: AuditContext,
): Promise<AuthenticatedSession | 'unverified' | RegistrationRefusal> {
  const mustVerify = registration.email !== null && requiresVerifiedEmail(ports, settings);
  const account = await create(ports, registration, mustVerify ? undefined : session, settings, audit);
  if (isRefusal(account)) return account;
  if (mustVerify) return 'unverified';
  return { accountId: account.id, sessionId: session.id, authentication: byPassword(audit.now) };
}

/** Makes an account for somebody and mails them a link that sets its password; even where sign-up is closed. */
export async function invite(
  { registrations, mailing }: Pick<RegistrationPorts, 'registrations' | 'mailing'>,
  email: string,
  audit: AuthorizedContext,
): Promise<Account | NameTaken | Refusal<'token_revoked' | 'forbidden' | 'mail_not_configured'>> {
  const mail = newMail(mailing, 'invitation', {}, audit.now);
  if (!mail) return refuse('mail_not_configured');
  const invited = await registrations.invite({ email, mail }, audit);
  if (!isRefusal(invited)) mailing.deliverSoon([mail], audit.now);
  return invited;
}

async function create(
  ports: RegistrationPorts,
  { username, email, password, data }: Registration,
  session: NewSession | undefined,
  settings: Settings,
  audit: AuditContext,
): Promise<Account | RegistrationRefusal> {
  if (!settings.REGISTRATION_OPEN) return refuse('registration_closed');
  if (username === null && email === null) return refuse('identity_required');
  const { registrations, hashing, mailing } = ports;
  const weak = await refuseWeak(ports, password, settings);
  if (weak) return (await registrations.taken({ username, email }, audit.now)) ?? weak;
  const account = { username, email, passwordHash: await hashing.hash(password), data };
  const mail = email === null ? undefined : newMail(mailing, 'email_verification', { cause: 'sign_up' }, audit.now);
  const added = await registrations.add(account, session, mail, audit);
  if (!isRefusal(added)) mailing.deliverSoon(mailsIn([mail]), audit.now);
  return added;
}
