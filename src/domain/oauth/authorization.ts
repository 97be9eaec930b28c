// The steps that an authorization request needs before it is granted, and the redirect that answers its client.
import type { Authentication } from '../sessions/authentication.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { isOnDevice } from './redirect-uri.ts';
import { includesAll, type Scope } from './scopes.ts';

/** The session of the browser that sent the request. */
export interface SignedIn {
  readonly authentication: Authentication;
  /** The scopes that the account granted the client before. */
  readonly granted: readonly Scope[];
}

/** The next step before a code may be issued; `undefined` for none. */
export type Due = 'sign_in' | 'consent' | { readonly error: 'login_required' | 'consent_required' } | undefined;

/**
 * The next step of a request. `signedInAfter` (milliseconds) is when the sign-in page was opened for this request: a
 * later sign-in fulfils `prompt=login` and `max_age`.
 */
export function dueOf(
  request: AuthorizationRequest,
  signedIn: SignedIn | undefined,
  signedInAfter: number | undefined,
  now: number,
): Due {
  const isSilent = request.prompts.includes('none');
  if (!signedIn || !isRecent(request, signedIn.authentication.at, signedInAfter, now))
    return isSilent ? { error: 'login_required' } : 'sign_in';
  if (needsConsent(request, signedIn.granted)) return isSilent ? { error: 'consent_required' } : 'consent';
  return undefined;
}

function isRecent(
  { prompts, maxAge }: AuthorizationRequest,
  authenticatedAt: number,
  signedInAfter: number | undefined,
  now: number,
): boolean {
  if (signedInAfter !== undefined && authenticatedAt >= signedInAfter) return true;
  if (prompts.includes('login') || prompts.includes('select_account')) return false;
  return maxAge === undefined || authenticatedAt >= now - maxAge * 1000;
}

/**
 * First-party clients skip consent; others ask once for a set of scopes. Any app on the device can impersonate a public
 * client whose redirect stays there, so consent is asked each time (RFC 8252 §8.6).
 */
function needsConsent(
  { client, redirectUri, scopes, prompts }: AuthorizationRequest,
  granted: readonly Scope[],
): boolean {
  if (prompts.includes('consent')) return true;
  if (client.kind === 'public' && isOnDevice(redirectUri)) return true;
  return !client.firstParty && !includesAll(granted, scopes);
}

/** A redirect back to the client (RFC 6749 §4.1.2, RFC 9207 §2). */
export function redirectBack(
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string | undefined },
  issuer: string,
  answer: Readonly<Record<string, string>>,
): string {
  const parameters = new URLSearchParams({ ...answer, ...(state === undefined ? {} : { state }), iss: issuer });
  // Appended as text: a URL parser could rewrite the registered address.
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters}`;
}
