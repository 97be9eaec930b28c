// GET and POST /oauth/authorize: the authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2).
import { dueOf, redirectBack } from '../../domain/oauth/authorization.ts';
import {
  type AuthorizationError,
  type AuthorizationRequest,
  parseRequest,
} from '../../domain/oauth/authorization-request.ts';
import { CODE_LIFETIME_MS, hashCode, newCode } from '../../domain/oauth/code.ts';
import { formatScopes } from '../../domain/oauth/scopes.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { isCsrfToken } from '../../domain/tokens/csrf-token.ts';
import type { Api, Context } from '../context.ts';
import { withQuery } from '../pages/components.tsx';
import { cookieOf } from '../pages/cookie.ts';
import { auditOf, callerOf, signInPath, type Visitor, visitorOf } from '../pages/visitor.ts';
import { showConsent } from './consent.tsx';
import { errors, sayUnanswerable } from './error-page.tsx';
import { formOf, type Given, queryOf, respondTo } from './parameters.ts';

const PATH = '/oauth/authorize';

export function authorizePages({ app }: Api): void {
  app.get(PATH, (c) => authorize(c, queryOf(c), undefined));
  app.post(PATH, async (c) => respondTo(c, await formOf(c), (given) => decide(c, given), errors.respondRefusal));
}

/** A person's decision on the consent page. */
type Decision = 'allow' | 'deny';

/** Takes a decision only with the token of the session that the consent page was shown to (RFC 9700 §4.7). */
async function decide(c: Context, { parameters, repeated }: Given): Promise<Response> {
  const { form_token: token = '', decision, shown, ...asked } = parameters;
  const visitor = await visitorOf(c);
  const isTheirs = !isRefusal(visitor) && (await isCsrfToken(c.get('ports').issuer.keys, visitor.sessionId, token));
  if (!isTheirs) return errors.sayStaleForm(c);
  const given = { parameters: asked, repeated };
  return authorize(c, given, decision === 'allow' ? { decision, shown } : { decision: 'deny', shown });
}

interface Decided {
  readonly decision: Decision;
  /** The scopes that the page showed. */
  readonly shown: string | undefined;
}

async function authorize(c: Context, given: Given, decided: Decided | undefined): Promise<Response> {
  const { parameters, repeated } = given;
  const ports = c.get('ports');
  const found = parameters.client_id === undefined ? undefined : await ports.clients.find(parameters.client_id);
  const parsed = parseRequest(parameters, repeated, found?.client);
  if (parsed.kind === 'unanswerable') return sayUnanswerable(c, parsed.problem);
  if (parsed.kind === 'error')
    return sendBack(c, parsed, { error: parsed.error, error_description: parsed.description });
  const { request } = parsed;
  if (decided?.decision === 'deny') return sendError(c, request, 'access_denied');
  const visitor = cookieOf(c) === undefined ? undefined : await signedInVisitor(c);
  const granted = visitor ? await ports.grants.scopesOf(visitor.account.id, request.client.id) : [];
  const signedIn = visitor && { authentication: visitor.authentication, granted };
  const due = dueOf(request, signedIn, askedAt(parameters, c.get('now')), c.get('now'));
  if (typeof due === 'object') return sendError(c, request, due.error);
  if (!visitor || due === 'sign_in') return toSignIn(c, parameters);
  const isAllowed = decided?.decision === 'allow' && decided.shown === formatScopes(request.scopes);
  return due === 'consent' && !isAllowed
    ? showConsent(c, { visitor, request, parameters })
    : issueCode(c, visitor, request, parameters);
}

async function signedInVisitor(c: Context): Promise<Visitor | undefined> {
  const visitor = await visitorOf(c);
  return isRefusal(visitor) ? undefined : visitor;
}

/** The parameter of the return address that says when the sign-in page was opened. Ignored after SIGN_IN_MS. */
const ASKED_AT = 'sign_in_asked_at';
const SIGN_IN_MS = 60 * 60 * 1000;

/**
 * Trusted although unsigned: an attacker who can change this request can as well remove `prompt` and `max_age`, and the
 * client sees `auth_time`.
 */
function askedAt({ [ASKED_AT]: text = '' }: Given['parameters'], now: number): number | undefined {
  const at = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return at <= now && at >= now - SIGN_IN_MS ? at : undefined;
}

/** Leads to the sign-in page and back to the same request. */
function toSignIn(c: Context, parameters: Given['parameters']): Response {
  const next = withQuery(PATH, { ...parameters, [ASKED_AT]: String(c.get('now')) });
  return c.redirect(signInPath(next, 'again') + hintOf(parameters), 303);
}

const hintOf = ({ login_hint: hint }: Given['parameters']): string =>
  hint === undefined ? '' : `&${new URLSearchParams({ login_hint: hint })}`;

async function issueCode(
  c: Context,
  visitor: Visitor,
  request: AuthorizationRequest,
  parameters: Given['parameters'],
): Promise<Response> {
  // A HEAD answers as GET, and has no effects.
  if (c.req.raw.method === 'HEAD') return c.body(null);
  const { client, redirectUri, scopes, challenge, nonce } = request;
  const code = newCode();
  const now = c.get('now');
  const issued = await c.get('ports').codes.issue(
    {
      hash: await hashCode(code),
      clientId: client.id,
      redirectUri,
      scopes,
      challenge,
      nonce,
      expiresAt: now + CODE_LIFETIME_MS,
    },
    auditOf(c, callerOf(visitor), null),
  );
  return isRefusal(issued) ? toSignIn(c, parameters) : sendBack(c, request, { code });
}

const sendError = (c: Context, request: AuthorizationRequest, error: AuthorizationError): Response =>
  sendBack(c, request, { error });

/** A 303, so that no browser resends a form (RFC 9700 §4.12). */
const sendBack = (
  c: Context,
  to: Parameters<typeof redirectBack>[0],
  answer: Parameters<typeof redirectBack>[2],
): Response => c.redirect(redirectBack(to, c.get('ports').issuer.name, answer), 303);
