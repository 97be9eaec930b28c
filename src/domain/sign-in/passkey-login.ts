// Logging in with a passkey, which proves two factors, for an access and a refresh token.
import type { AuditContext } from '../audit-context.ts';
import type { Mailing } from '../mail/mail.ts';
import { checkPasskey } from '../passkeys/assertion.ts';
import type { PasskeyPorts } from '../passkeys/registration.ts';
import type { AssertionResponse } from '../passkeys/responses.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { issuePair, newRefreshSession, type TokenPair, type TokenPairPorts } from '../sessions/issue.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { type SignIns, signIn } from './sign-in.ts';

interface PasskeyLoginPorts extends PasskeyPorts, TokenPairPorts {
  readonly signIns: SignIns;
  readonly mailing: Mailing;
  readonly settings: SettingsStore;
  readonly issuer: PasskeyPorts['issuer'] & TokenPairPorts['issuer'];
}

export async function logInWithPasskey(
  ports: PasskeyLoginPorts,
  assertion: AssertionResponse,
  audit: AuditContext,
): Promise<TokenPair | Refusal<'invalid_passkey' | 'account_disabled' | 'email_not_verified'>> {
  const settings = await ports.settings.current(audit.now);
  const proof = await checkPasskey(ports, assertion, { purpose: 'login' }, audit);
  if (isRefusal(proof)) return proof;
  const { session, refresh } = await newRefreshSession(settings, audit.now);
  const opened = await signIn(ports, proof, session, settings, audit);
  if (isRefusal(opened)) return opened;
  return 'overtaken' in opened ? refuse('invalid_passkey') : issuePair(ports, opened, refresh, settings, audit.now);
}
