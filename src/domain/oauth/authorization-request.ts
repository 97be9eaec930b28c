// Authorization requests as clients send them: RFC 6749 §4.1.1 with RFC 7636, and OpenID Connect Core §3.1.2.
import { type Client, isAllowed } from './client.ts';
import { isCodeChallenge } from './code.ts';
import { isRegistered } from './redirect-uri.ts';
import { type Scope, scopesIn } from './scopes.ts';

export type Parameters = Readonly<Record<string, string | undefined>>;

/** The errors that the browser takes back to a client. */
export type AuthorizationError =
  | 'invalid_request'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'access_denied'
  | 'login_required'
  | 'consent_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'registration_not_supported';

/** A request of a known client for one of its registered redirects. */
export interface AuthorizationRequest {
  readonly client: Client;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scopes: readonly Scope[];
  readonly nonce: string | null;
  readonly challenge: string;
  readonly prompts: readonly string[];
  /** Seconds; undefined where the request sets no limit. */
  readonly maxAge: number | undefined;
  readonly loginHint: string | undefined;
}

/** A request that must not be answered by a redirect, since its address is not the client's (RFC 9700 §4.1). */
export interface Unanswerable {
  readonly kind: 'unanswerable';
  readonly problem: 'unknown_client' | 'unregistered_redirect';
}

export interface ErrorRedirect {
  readonly kind: 'error';
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly error: AuthorizationError;
  readonly description: string;
}

export type ParsedRequest =
  | Unanswerable
  | ErrorRedirect
  | { readonly kind: 'request'; readonly request: AuthorizationRequest };

const MAX_STATE = 2048;
const MAX_NONCE = 512;

/** The redirect of a request: a registered one, or the only one where none is named and one is registered. */
function redirectOf(client: Client, requested: string | undefined): string | undefined {
  if (requested === undefined) return client.redirectUris.length === 1 ? client.redirectUris[0] : undefined;
  return client.redirectUris.some((registered) => isRegistered(requested, registered)) ? requested : undefined;
}

/** Parses a request of the client that it names. `repeated` names the parameters that were sent more than once. */
export function parseRequest(
  parameters: Parameters,
  repeated: readonly string[],
  client: Client | undefined,
): ParsedRequest {
  if (!client || repeated.includes('client_id')) return { kind: 'unanswerable', problem: 'unknown_client' };
  const redirectUri = redirectOf(client, parameters.redirect_uri);
  if (redirectUri === undefined || repeated.includes('redirect_uri'))
    return { kind: 'unanswerable', problem: 'unregistered_redirect' };
  const scopes = scopesIn(parameters.scope ?? '').filter((scope) => isAllowed(client, scope));
  const mistake = repeated.length > 0 ? REPEATED : mistakeIn(parameters, scopes);
  const state = repeated.includes('state') ? undefined : parameters.state;
  if (mistake) return { kind: 'error', redirectUri, state: state?.slice(0, MAX_STATE), ...mistake };
  return {
    kind: 'request',
    request: {
      client,
      redirectUri,
      state,
      scopes,
      nonce: parameters.nonce ?? null,
      challenge: parameters.code_challenge ?? '',
      prompts: parameters.prompt?.split(' ') ?? [],
      maxAge: parameters.max_age === undefined ? undefined : Number(parameters.max_age),
      loginHint: parameters.login_hint,
    },
  };
}

interface Mistake {
  readonly error: AuthorizationError;
  readonly description: string;
}

/** RFC 6749 §3.1. */
const REPEATED: Mistake = { error: 'invalid_request', description: 'a parameter is there more than once' };

const PROMPTS = ['none', 'login', 'consent', 'select_account'];

/** The first mistake of a request that can be answered; undefined for a valid one. */
function mistakeIn(parameters: Parameters, scopes: readonly Scope[]): Mistake | undefined {
  const { response_type: type, response_mode: mode, code_challenge: challenge, prompt } = parameters;
  const wrong = (description: string): Mistake => ({ error: 'invalid_request', description });
  if (parameters.request !== undefined) return { error: 'request_not_supported', description: 'request is not taken' };
  if (parameters.request_uri !== undefined)
    return { error: 'request_uri_not_supported', description: 'request_uri is not taken' };
  if (parameters.registration !== undefined)
    return { error: 'registration_not_supported', description: 'registration is not taken' };
  if (type === undefined) return wrong('response_type is missing');
  if (type !== 'code') return { error: 'unsupported_response_type', description: 'response_type must be code' };
  if (mode !== undefined && mode !== 'query') return wrong('response_mode must be query');
  if (challenge === undefined) return wrong('code_challenge is missing: PKCE is required');
  if (parameters.code_challenge_method !== 'S256') return wrong('code_challenge_method must be S256');
  if (!isCodeChallenge(challenge)) return wrong('code_challenge must be 43 characters of base64url');
  if ((parameters.state?.length ?? 0) > MAX_STATE) return wrong('state is too long');
  if ((parameters.nonce?.length ?? 0) > MAX_NONCE) return wrong('nonce is too long');
  if (parameters.max_age !== undefined && !/^\d{1,9}$/.test(parameters.max_age))
    return wrong('max_age must be seconds');
  const prompts = prompt?.split(' ') ?? [];
  if (!prompts.every((word) => PROMPTS.includes(word))) return wrong('prompt must be none, login or consent');
  if (prompts.includes('none') && prompts.length > 1) return wrong('prompt none stands alone');
  if (scopes.length === 0) return { error: 'invalid_scope', description: 'no scope is left that the client may have' };
  return undefined;
}
