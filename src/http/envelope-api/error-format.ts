// The Envelope API's error format: every reason is a status and one of its messages, `{status: "error", message}`.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Context } from '../context.ts';
import {
  type CommonReason,
  documentedStatus,
  type ErrorFormat,
  objectSchema,
  oneOf,
  type ResponseConfig,
} from '../errors/error-format.ts';
import { documentHeaders, headersFor } from '../errors/problem.ts';

/** The reasons that operations of this contract can meet. */
export type EnvelopeReason =
  | CommonReason
  | 'username_taken'
  | 'email_taken'
  | 'identity_required'
  | 'password_too_short'
  | 'password_breached'
  | 'registration_closed'
  | 'invalid_credentials'
  | 'account_disabled'
  | 'email_not_verified'
  | 'second_factor_required'
  | 'invalid_second_factor'
  | 'code_taken'
  | 'entity_not_found'
  | 'quota_exceeded'
  | 'too_many_attempts';

interface Message {
  readonly status: ContentfulStatusCode;
  readonly message: string;
}

type Messages = Readonly<Record<EnvelopeReason, Message>>;

const message = (status: ContentfulStatusCode, text: string): Message => ({ status, message: text });

const INVALID_PAYLOAD = message(400, 'Invalid payload.');
const USER_EXISTS = message(400, 'Sorry. That user already exists.');

const MESSAGES: Messages = {
  malformed_body: INVALID_PAYLOAD,
  invalid_body: INVALID_PAYLOAD,
  invalid_query: INVALID_PAYLOAD,
  unsupported_media_type: INVALID_PAYLOAD,
  identity_required: INVALID_PAYLOAD,
  password_too_short: INVALID_PAYLOAD,
  password_breached: message(400, 'Password too common.'),
  username_taken: USER_EXISTS,
  email_taken: USER_EXISTS,
  token_required: message(401, 'Provide a valid auth token.'),
  malformed_authorization: message(401, 'Bearer token malformed.'),
  token_invalid: message(401, 'Invalid token. Please log in again.'),
  token_expired: message(401, 'Signature expired. Please log in again.'),
  token_revoked: message(401, 'Token blacklisted. Please log in again.'),
  second_factor_required: message(401, 'Second factor required.'),
  invalid_second_factor: message(401, 'Invalid second factor.'),
  forbidden: message(403, 'Forbidden.'),
  insufficient_scope: message(403, 'Insufficient scope.'),
  reauthentication_required: message(403, 'Reauthentication required.'),
  second_factor_enrollment_required: message(403, 'Second factor enrollment required.'),
  account_disabled: message(403, 'Account disabled.'),
  email_not_verified: message(403, 'Email not verified.'),
  registration_closed: message(403, 'Registration is closed.'),
  quota_exceeded: message(403, 'Too many products. Please delete some of them.'),
  not_found: message(404, 'Not found.'),
  invalid_credentials: message(404, 'User does not exist.'),
  entity_not_found: message(404, 'Product does not exist.'),
  method_not_allowed: message(405, 'Method not allowed.'),
  code_taken: message(409, 'Product code already exists.'),
  payload_too_large: message(413, 'Payload too large.'),
  too_many_attempts: message(429, 'Too many attempts. Please try again later.'),
  too_many_requests: message(429, 'Too many requests. Please try again later.'),
  internal_error: message(500, 'Something went wrong. Please try again.'),
  unavailable: message(503, 'Service unavailable. Please try again.'),
};

/** The format of every operation of this contract but logout, and of unknown paths under `/auth/`. */
export const envelope: ErrorFormat<EnvelopeReason> = formatWith(MESSAGES);

/** The format of logout, which alone answers a missing token with 403. */
export const logoutEnvelope: ErrorFormat<EnvelopeReason> = formatWith({
  ...MESSAGES,
  token_required: message(403, MESSAGES.token_required.message),
});

function formatWith(messages: Messages): ErrorFormat<EnvelopeReason> {
  return {
    respond(c: Context, refusal) {
      const { status, message } = messages[refusal.refused];
      return c.json({ status: 'error', message }, status, headersFor(refusal, status));
    },

    document(reasons) {
      const byStatus = Map.groupBy(reasons, (reason) => messages[reason].status);
      return Object.fromEntries(
        [...byStatus].map(([status, group]) => [status, documentStatus(status, group, messages)]),
      );
    },
  };
}

function documentStatus(status: number, reasons: readonly EnvelopeReason[], messages: Messages): ResponseConfig {
  const texts = reasons.map((reason) => messages[reason].message);
  const description = [...new Set(texts)].map((one) => `\`${one}\``).join(' ');
  const schema = objectSchema({ status: oneOf(['error']), message: oneOf(texts) });
  const examples = reasons.map((reason) => [reason, { status: 'error', message: messages[reason].message }] as const);
  return documentedStatus(description, 'application/json', schema, examples, documentHeaders(status));
}
