// Logging in with a password, for a token pair or for a session token.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal } from '../refusal.ts';
import {
  issuePair,
  issueSessionToken,
  newRefreshSession,
  newTokenSession,
  type SessionToken,
  type TokenPair,
  type TokenPairPorts,
} from '../sessions/issue.ts';
import type { AuthenticatedSession, NewSession } from '../sessions/session.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';
import type { Evidence } from './proof.ts';
import { type Credentials, type LoginRefusal, proofOf, refuseOvertaken, type SignInPorts, signIn } from './sign-in.ts';

export interface LoginPorts extends SignInPorts, TokenPairPorts {
  readonly settings: SettingsStore;
  readonly issuer: Issuer;
}

/** Logs in with a password for an access and a refresh token. */
export async function logInForPair(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<TokenPair | LoginRefusal> {
  const settings = await ports.settings.current(audit.now);
  const { session, refresh } = await newRefreshSession(settings, audit.now);
  const opened = await logIn(ports, credentials, session, settings, audit);
  return isRefusal(opened) ? opened : issuePair(ports, opened, refresh, settings, audit.now);
}

/** Logs in with a password for a session token. */
export async function logInForSessionToken(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<SessionToken | LoginRefusal> {
  const settings = await ports.settings.current(audit.now);
  const session = newTokenSession(settings, audit.now);
  const opened = await logIn(ports, credentials, session, settings, audit);
  return isRefusal(opened) ? opened : issueSessionToken(ports.issuer, opened, settings, audit.now);
}

async function logIn(
  ports: SignInPorts,
  credentials: Credentials,
  session: NewSession,
  settings: Settings,
  audit: AuditContext,
): Promise<AuthenticatedSession | LoginRefusal> {
  const attempt = async () => {
    const proof = await proofOf(ports, credentials, audit);
    return isRefusal(proof)
      ? { opened: proof }
      : { proof, opened: await signIn(ports, proof, session, settings, audit) };
  };
  const { proof, opened } = await attempt();
  if (!('overtaken' in opened)) return opened;
  // Of two first logins after an import, one replaces the hash that the other has matched: that password is still
  // right.
  const again = proof?.evidence.some(isRehashed) ? (await attempt()).opened : opened;
  return 'overtaken' in again ? refuseOvertaken(again) : again;
}

const isRehashed = (evidence: Evidence): boolean => evidence.kind === 'password' && evidence.rehash !== undefined;
