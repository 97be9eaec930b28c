// Sign-ins to our pages: a password, then a code on a page of its own; a passkey; a new account.
import {
  type Registration,
  type RegistrationPorts,
  type RegistrationRefusal,
  registerWithSession,
} from '../accounts/registration.ts';
import type { AuditContext } from '../audit-context.ts';
import type { Mailing } from '../mail/mail.ts';
import { checkPasskey } from '../passkeys/assertion.ts';
import type { PasskeyPorts } from '../passkeys/registration.ts';
import type { AssertionResponse } from '../passkeys/responses.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';
import type { CredentialPorts } from './credentials.ts';
import { issueCookie, newPageSession } from './page-session.ts';
import { type PendingSignIn, proofOfPassword, proofOfPending } from './pending-sign-in.ts';
import type { Proof } from './proof.ts';
import {
  type Credentials,
  type LoginRefusal,
  type Overtaken,
  refuseOvertaken,
  type SignIns,
  signIn,
} from './sign-in.ts';

interface OpeningPorts {
  readonly signIns: SignIns;
  readonly mailing: Mailing;
  readonly settings: SettingsStore;
  readonly issuer: Issuer;
}

/** Opens a session on a proof and returns its cookie. */
async function openPageSession(
  ports: OpeningPorts,
  proof: Proof,
  audit: AuditContext,
): Promise<string | Overtaken | Refusal<'account_disabled' | 'email_not_verified'>> {
  const session = newPageSession(audit.now);
  const opened = await signIn(ports, proof, session, await ports.settings.current(audit.now), audit);
  if (isRefusal(opened) || 'overtaken' in opened) return opened;
  return issueCookie(ports.issuer, opened, audit.now);
}

export type PageSignInPorts = OpeningPorts & CredentialPorts;

/** The cookie, or the pending sign-in for the page of the second factor. */
export async function signInWithPassword(
  ports: PageSignInPorts,
  credentials: Omit<Credentials, 'otp'>,
  audit: AuditContext,
): Promise<string | PendingSignIn | LoginRefusal> {
  const proof = await proofOfPassword(ports, credentials, audit);
  return isRefusal(proof) || 'pending' in proof ? proof : open(ports, proof, audit);
}

/** Continues a sign-in whose password was right. */
export async function signInWithCode(
  ports: PageSignInPorts,
  pending: string,
  otp: string | undefined,
  audit: AuditContext,
): Promise<string | LoginRefusal> {
  const proof = await proofOfPending(ports, pending, otp, audit);
  return isRefusal(proof) ? proof : open(ports, proof, audit);
}

async function open(ports: OpeningPorts, proof: Proof, audit: AuditContext): Promise<string | LoginRefusal> {
  const opened = await openPageSession(ports, proof, audit);
  return typeof opened === 'object' && 'overtaken' in opened ? refuseOvertaken(opened) : opened;
}

export async function signInWithPasskey(
  ports: OpeningPorts & PasskeyPorts,
  assertion: AssertionResponse,
  audit: AuditContext,
): Promise<string | Refusal<'invalid_passkey' | 'account_disabled' | 'email_not_verified'>> {
  const proof = await checkPasskey(ports, assertion, { purpose: 'login' }, audit);
  if (isRefusal(proof)) return proof;
  const opened = await openPageSession(ports, proof, audit);
  return typeof opened === 'object' && 'overtaken' in opened ? refuse('invalid_passkey') : opened;
}

/** Signs up and in, in one transaction; an account that must verify its email first is not signed in. */
export async function signUp(
  ports: RegistrationPorts & OpeningPorts,
  registration: Registration,
  audit: AuditContext,
): Promise<string | 'unverified' | RegistrationRefusal> {
  const settings = await ports.settings.current(audit.now);
  const opened = await registerWithSession(ports, registration, newPageSession(audit.now), settings, audit);
  return isRefusal(opened) || opened === 'unverified' ? opened : issueCookie(ports.issuer, opened, audit.now);
}
