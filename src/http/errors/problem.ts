// Problem details (RFC 9457): how every contract but the envelope says no.
import { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type FieldError, type Reason, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { Dialect, ResponseConfig } from './error-format.ts';

export interface Words {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
}

const says = (status: ContentfulStatusCode, title: string, detail: string): Words => ({ status, title, detail });

/** Every reason in words. A reason without an entry does not compile. */
export const PROBLEMS: Readonly<Record<Reason, Words>> = {
  malformed_body: says(400, 'Malformed body', 'The body is not well-formed, or not UTF-8.'),
  invalid_body: says(400, 'Invalid body', 'The body has fields that are missing or not valid; see errors.'),
  invalid_query: says(400, 'Invalid query', 'The query has parameters that are not valid; see errors.'),
  identity_required: says(
    400,
    'Identity required',
    'An account has a username or an email; the last of them cannot be cleared.',
  ),
  password_too_short: says(400, 'Password too short', 'The new password is shorter than this service asks for.'),
  unknown_setting: says(400, 'Unknown setting', 'There is no setting of this name; see errors.'),
  unsupported_query: says(
    400,
    'Unsupported query',
    'No index bounds this combination of filters and sort; see errors for what would go.',
  ),
  invalid_cursor: says(400, 'Invalid cursor', 'The cursor is not one of this query; start again without it.'),
  invalid_idempotency_key: says(400, 'Invalid idempotency key', 'An Idempotency-Key has 1 to 255 characters.'),
  before_first_stamp: says(400, 'Before the first stamp', 'The game has no score before its first stamp.'),
  unsupported_grant_type: says(400, 'Unsupported grant type', 'The only grant here is that of a password.'),
  token_required: says(401, 'Token required', 'This needs an Authorization header with a bearer token.'),
  malformed_authorization: says(
    401,
    'Malformed authorization',
    'The Authorization header is not of the form: Bearer TOKEN.',
  ),
  token_invalid: says(401, 'Token invalid', 'The token is not one of ours.'),
  token_expired: says(401, 'Token expired', 'The token has expired.'),
  token_revoked: says(401, 'Token revoked', 'The session of this token has ended, or its account is gone.'),
  invalid_credentials: says(401, 'Invalid credentials', 'No account has this name and password.'),
  invalid_refresh_token: says(
    401,
    'Invalid refresh token',
    'The refresh token is unknown, spent, expired or logged out.',
  ),
  forbidden: says(403, 'Forbidden', 'This account may not do that.'),
  account_disabled: says(403, 'Account disabled', 'This account has been deactivated.'),
  wrong_password: says(403, 'Wrong password', 'The current password is not the one given.'),
  registration_closed: says(403, 'Registration closed', 'Signing up is switched off.'),
  not_found: says(404, 'Not found', 'There is nothing at this address.'),
  account_not_found: says(404, 'Account not found', 'There is no account with this id.'),
  session_not_found: says(404, 'Session not found', 'The account has no live session with this id.'),
  entity_not_found: says(404, 'Entity not found', 'There is no entity with this id, or none that you may see.'),
  game_not_found: says(404, 'Game not found', 'There is no game with this id.'),
  method_not_allowed: says(405, 'Method not allowed', 'This address does not take this method; see the Allow header.'),
  username_taken: says(409, 'Username taken', 'Another account has this username.'),
  email_taken: says(409, 'Email taken', 'Another account has this email.'),
  last_admin: says(409, 'Last admin', 'There must always be an active admin, and this is the last one.'),
  code_taken: says(409, 'Code taken', 'Another entity has this code.'),
  precondition_failed: says(412, 'Precondition failed', 'The entity is not at a version that If-Match names.'),
  payload_too_large: says(413, 'Payload too large', 'The body is larger than this address takes.'),
  unsupported_media_type: says(
    415,
    'Unsupported media type',
    'The body is not of a media type that this address takes.',
  ),
  idempotency_key_reused: says(422, 'Idempotency key reused', 'This Idempotency-Key came with another body before.'),
  too_many_attempts: says(
    429,
    'Too many attempts',
    'Too many wrong passwords in a row; wait as long as Retry-After says.',
  ),
  too_many_requests: says(
    429,
    'Too many requests',
    'Too many requests from this address; wait as long as Retry-After says.',
  ),
  internal_error: says(500, 'Internal error', 'Something went wrong here; the request id finds it in the log.'),
  unavailable: says(503, 'Unavailable', 'A store did not answer; try again.'),
};

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Reason;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

const problemBody = ({ refused, errors }: Refusal, requestId: string): ProblemBody => ({
  type: `urn:latchkey:problem:${refused}`,
  title: PROBLEMS[refused].title,
  status: PROBLEMS[refused].status,
  detail: PROBLEMS[refused].detail,
  code: refused,
  request_id: requestId,
  ...(errors ? { errors } : {}),
});

const problemSchema = (codes: readonly Reason[]) =>
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  });

/** RFC 6750 §3: a challenge on every 401, with an error code where a token was sent. */
export const challengeFor = ({ refused }: Refusal): string => {
  const sent = refused.startsWith('token_') && refused !== 'token_required';
  return sent || refused === 'malformed_authorization'
    ? `Bearer error="invalid_token", error_description="${PROBLEMS[refused].detail}"`
    : 'Bearer';
};

/** The headers a refusal needs, whichever contract says it. */
export function headersFor(refusal: Refusal, status: number): Record<string, string> {
  return {
    ...(status === 401 ? { 'WWW-Authenticate': challengeFor(refusal) } : {}),
    ...(refusal.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(refusal.retryAfterSeconds) }),
    ...(refusal.allow ? { Allow: refusal.allow.join(', ') } : {}),
  };
}

/** Groups reasons by the status that says them. */
export function byStatus<R extends Reason>(
  reasons: readonly R[],
  statusOf: (reason: R) => number,
): ReadonlyMap<number, readonly R[]> {
  return Map.groupBy(reasons, statusOf);
}

function documentProblem(status: number, reasons: readonly Reason[]): ResponseConfig {
  const examples = reasons.map((refused) => [
    refused,
    { value: problemBody(refuse(refused), '2f1d6f0e-0f0b-4d43-9c53-1a4f6f0b7f3a') },
  ]);
  const description = reasons.map((reason) => `\`${reason}\`: ${PROBLEMS[reason].detail}`).join(' ');
  const content = {
    'application/problem+json': { schema: problemSchema(reasons), examples: Object.fromEntries(examples) },
  };
  return { description, content, ...documentHeaders(status) };
}

/** The headers that a status always has, as the document says them. */
export const documentHeaders = (status: number): { readonly headers?: z.ZodObject } =>
  status === 429 ? { headers: RETRY_AFTER } : status === 401 ? { headers: CHALLENGE } : {};

const RETRY_AFTER = z.object({ 'Retry-After': z.string().openapi({ description: 'Seconds to wait.', example: '10' }) });
const CHALLENGE = z.object({
  'WWW-Authenticate': z.string().openapi({ description: 'RFC 6750 §3.', example: 'Bearer' }),
});

export const problem: Dialect<Reason> = {
  answer(c: Context, refusal) {
    const { status } = PROBLEMS[refusal.refused];
    const headers = { 'Content-Type': 'application/problem+json', ...headersFor(refusal, status) };
    return c.body(JSON.stringify(problemBody(refusal, c.get('requestId'))), status, headers);
  },

  document: (reasons) =>
    Object.fromEntries(
      [...byStatus(reasons, (reason) => PROBLEMS[reason].status)].map(([status, said]) => [
        status,
        documentProblem(status, said),
      ]),
    ),
};
