// The status, title and detail of every reason, as problem details show them.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Reason } from '../../domain/refusal.ts';

export interface ProblemText {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  /** The code, where two reasons share one. */
  readonly code?: Reason;
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
  password_breached: text(
    400,
    'Password breached',
    'Others have used this password, and attackers try it first. Choose another.',
  ),
  invalid_one_time_token: text(
    400,
    'Invalid link',
    'The link was used, has expired, or a later one took its place. Ask for a new one.',
  ),
  unknown_setting: text(400, 'Unknown setting', 'There is no setting with this name; see errors.'),
  unsupported_query: text(
    400,
    'Unsupported query',
    'No index bounds this combination of filters and sort; see errors for alternatives.',
  ),
  invalid_cursor: text(400, 'Invalid cursor', 'The cursor does not belong to this query; start again without it.'),
  invalid_idempotency_key: text(400, 'Invalid idempotency key', 'An Idempotency-Key has 1 to 255 characters.'),
  before_first_stamp: text(400, 'Before the first stamp', 'The game has no score before its first stamp.'),
  invalid_confirmation_code: {
    ...text(400, 'Invalid second factor', 'This is not a code of the authenticator app that you are setting up.'),
    code: 'invalid_second_factor',
  },
  invalid_new_passkey: {
    ...text(400, 'Invalid passkey', 'This passkey was not made from options that this session asked for just now.'),
    code: 'invalid_passkey',
  },
  unsupported_grant_type: text(400, 'Unsupported grant type', 'This grant type is not supported here.'),
  invalid_request: text(
    400,
    'Invalid request',
    'The request lacks a parameter, or repeats one, or has an invalid one.',
  ),
  invalid_client: text(401, 'Invalid client', 'Client authentication failed.'),
  invalid_grant: text(
    400,
    'Invalid grant',
    'The code or refresh token is invalid, was used, or is not for this client.',
  ),
  unauthorized_client: text(400, 'Unauthorized client', 'This client may not use this grant type.'),
  invalid_scope: text(400, 'Invalid scope', 'No scope is left that the client may have.'),
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
  second_factor_required: text(
    401,
    'Second factor required',
    'The password is right, and this account needs a second factor beside it: send otp.',
  ),
  invalid_second_factor: text(401, 'Invalid second factor', 'The code is wrong, or was used before.'),
  invalid_passkey: text(401, 'Invalid passkey', 'This passkey is unknown, or what it signed is not right.'),
  reauthentication_required: text(
    403,
    'Reauthentication required',
    'This needs credentials that were proven a short while ago: call POST /api/reauthenticate, and try again.',
  ),
  second_factor_enrollment_required: text(
    403,
    'Second factor enrollment required',
    'Admins of this service need a second factor, and this account has none: add one first.',
  ),
  forbidden: text(403, 'Forbidden', 'This account is not allowed to do that.'),
  insufficient_scope: text(403, 'Insufficient scope', 'The client of this token was not granted what this needs.'),
  account_disabled: text(403, 'Account disabled', 'This account has been deactivated.'),
  email_not_verified: text(
    403,
    'Email not verified',
    'The email of this account must be verified first; a mail with a link is on its way.',
  ),
  wrong_password: text(403, 'Wrong password', 'The current password is wrong.'),
  registration_closed: text(403, 'Registration closed', 'Signing up is switched off.'),
  not_found: text(404, 'Not found', 'There is nothing at this address.'),
  account_not_found: text(404, 'Account not found', 'There is no account with this id.'),
  factor_not_found: text(404, 'Factor not found', 'The account has no authenticator app.'),
  passkey_not_found: text(404, 'Passkey not found', 'The account has no passkey with this id.'),
  client_not_found: text(404, 'Client not found', 'There is no client with this id.'),
  grant_not_found: text(404, 'Grant not found', 'This account has granted nothing to a client with this id.'),
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
  client_is_public: text(409, 'Client is public', 'A public client has no secret.'),
  email_verified: text(409, 'Email verified', 'The email of this account is verified already.'),
  no_email: text(409, 'No email', 'This account has no email.'),
  last_admin: text(409, 'Last admin', 'This is the last active admin, and there must always be one.'),
  setting_needs_mail: {
    ...text(409, 'Mail not configured', 'This setting needs mail, and this service sends none.'),
    code: 'mail_not_configured',
  },
  enrollment_before_setting: {
    ...text(
      409,
      'Second factor enrollment required',
      'Only an admin whose session proved two factors may ask that of all admins.',
    ),
    code: 'second_factor_enrollment_required',
  },
  factor_enrolled: text(409, 'Factor enrolled', 'The account has an authenticator app; remove it first.'),
  factor_not_pending: text(409, 'Factor not pending', 'No authenticator app is being set up, or it took too long.'),
  passkey_exists: text(409, 'Passkey exists', 'This passkey is there already.'),
  last_credential: text(409, 'Last credential', 'This is the last way to sign in to the account.'),
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
  mail_not_configured: text(501, 'Mail not configured', 'This service sends no mail.'),
  unavailable: text(503, 'Unavailable', 'A store did not answer; try again.'),
};
