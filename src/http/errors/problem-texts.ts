// The status, title and detail of every reason, as problem details show them.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Reason } from '../../domain/refusal.ts';

export interface ProblemText {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
}

const text = (status: ContentfulStatusCode, title: string, detail: string): ProblemText => ({ status, title, detail });

/** The texts of every reason. A reason without an entry does not compile. */
export const PROBLEMS: Readonly<Record<Reason, ProblemText>> = {
  malformed_body: text(400, 'Malformed body', 'The body is not well-formed, or not UTF-8.'),
  invalid_body: text(400, 'Invalid body', 'The body has missing or invalid fields; see errors.'),
  invalid_query: text(400, 'Invalid query', 'The query has invalid parameters; see errors.'),
  identity_required: text(
    400,
    'Identity required',
    'An account has a username or an email; the last of them cannot be cleared.',
  ),
  password_too_short: text(400, 'Password too short', 'The new password is shorter than this service requires.'),
  unknown_setting: text(400, 'Unknown setting', 'There is no setting with this name; see errors.'),
  unsupported_query: text(
    400,
    'Unsupported query',
    'No index bounds this combination of filters and sort; see errors for alternatives.',
  ),
  invalid_cursor: text(400, 'Invalid cursor', 'The cursor does not belong to this query; start again without it.'),
  invalid_idempotency_key: text(400, 'Invalid idempotency key', 'An Idempotency-Key has 1 to 255 characters.'),
  before_first_stamp: text(400, 'Before the first stamp', 'The game has no score before its first stamp.'),
  unsupported_grant_type: text(400, 'Unsupported grant type', 'The only supported grant type is password.'),
  token_required: text(401, 'Token required', 'This operation requires an Authorization header with a bearer token.'),
  malformed_authorization: text(
    401,
    'Malformed authorization',
    'The Authorization header is not of the form: Bearer TOKEN.',
  ),
  token_invalid: text(401, 'Token invalid', 'The token was not issued by this service.'),
  token_expired: text(401, 'Token expired', 'The token has expired.'),
  token_revoked: text(401, 'Token revoked', 'The session of this token has ended, or its account was deleted.'),
  invalid_credentials: text(401, 'Invalid credentials', 'No account has this name and password.'),
  invalid_refresh_token: text(
    401,
    'Invalid refresh token',
    'The refresh token is unknown, used, expired or logged out.',
  ),
  forbidden: text(403, 'Forbidden', 'This account is not allowed to do that.'),
  account_disabled: text(403, 'Account disabled', 'This account has been deactivated.'),
  wrong_password: text(403, 'Wrong password', 'The current password is wrong.'),
  registration_closed: text(403, 'Registration closed', 'Signing up is switched off.'),
  quota_exceeded: text(403, 'Quota exceeded', 'This account owns as many of these as it may; delete some of them.'),
  not_found: text(404, 'Not found', 'There is nothing at this address.'),
  account_not_found: text(404, 'Account not found', 'There is no account with this id.'),
  session_not_found: text(404, 'Session not found', 'The account has no live session with this id.'),
  entity_not_found: text(404, 'Entity not found', 'There is no entity with this id, or none that you may see.'),
  game_not_found: text(404, 'Game not found', 'There is no game with this id.'),
  method_not_allowed: text(
    405,
    'Method not allowed',
    'This address does not support this method; see the Allow header.',
  ),
  username_taken: text(409, 'Username taken', 'Another account has this username.'),
  email_taken: text(409, 'Email taken', 'Another account has this email.'),
  last_admin: text(409, 'Last admin', 'This is the last active admin, and there must always be one.'),
  code_taken: text(409, 'Code taken', 'Another entity has this code.'),
  precondition_failed: text(412, 'Precondition failed', 'The entity is not at a version that If-Match names.'),
  payload_too_large: text(413, 'Payload too large', 'The body is larger than this operation accepts.'),
  unsupported_media_type: text(
    415,
    'Unsupported media type',
    'The body is not of a media type that this operation accepts.',
  ),
  idempotency_key_reused: text(
    422,
    'Idempotency key reused',
    'This Idempotency-Key was used with a different body before.',
  ),
  too_many_attempts: text(429, 'Too many attempts', 'Too many wrong passwords in a row; wait for Retry-After.'),
  too_many_requests: text(429, 'Too many requests', 'Too many requests from this address; wait for Retry-After.'),
  internal_error: text(500, 'Internal error', 'Something went wrong; the log has more under the request id.'),
  unavailable: text(503, 'Unavailable', 'A store did not answer; try again.'),
};
