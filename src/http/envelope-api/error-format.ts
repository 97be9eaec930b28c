// How the Envelope API says no: every reason is a status and one of its messages, `{status: "error", message}`.
import { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Context } from '../context.ts';
import type { CommonReason, Dialect, ResponseConfig } from '../errors/error-format.ts';
import { byStatus, documentHeaders, headersFor } from '../errors/problem.ts';

/** The reasons that operations of this contract can meet. */
export type EnvelopeReason =
  | CommonReason
  | 'username_taken'
  | 'email_taken'
  | 'identity_required'
  | 'password_too_short'
  | 'registration_closed'
  | 'invalid_credentials'
  | 'account_disabled'
  | 'code_taken'
  | 'entity_not_found'
  | 'too_many_attempts';

interface Words {
  readonly status: ContentfulStatusCode;
  readonly message: string;
}

type WordsFor = Readonly<Record<EnvelopeReason, Words>>;

const says = (status: ContentfulStatusCode, message: string): Words => ({ status, message });

const INVALID_PAYLOAD = says(400, 'Invalid payload.');
const USER_EXISTS = says(400, 'Sorry. That user already exists.');

const WORDS: WordsFor = {
  malformed_body: INVALID_PAYLOAD,
  invalid_body: INVALID_PAYLOAD,
  invalid_query: INVALID_PAYLOAD,
  unsupported_media_type: INVALID_PAYLOAD,
  identity_required: INVALID_PAYLOAD,
  password_too_short: INVALID_PAYLOAD,
  username_taken: USER_EXISTS,
  email_taken: USER_EXISTS,
  token_required: says(401, 'Provide a valid auth token.'),
  malformed_authorization: says(401, 'Bearer token malformed.'),
  token_invalid: says(401, 'Invalid token. Please log in again.'),
  token_expired: says(401, 'Signature expired. Please log in again.'),
  token_revoked: says(401, 'Token blacklisted. Please log in again.'),
  forbidden: says(403, 'Forbidden.'),
  account_disabled: says(403, 'Account disabled.'),
  registration_closed: says(403, 'Registration is closed.'),
  not_found: says(404, 'Not found.'),
  invalid_credentials: says(404, 'User does not exist.'),
  entity_not_found: says(404, 'Product does not exist.'),
  method_not_allowed: says(405, 'Method not allowed.'),
  code_taken: says(409, 'Product code already exists.'),
  payload_too_large: says(413, 'Payload too large.'),
  too_many_attempts: says(429, 'Too many attempts. Please try again later.'),
  too_many_requests: says(429, 'Too many requests. Please try again later.'),
  internal_error: says(500, 'Something went wrong. Please try again.'),
  unavailable: says(503, 'Service unavailable. Please try again.'),
};

/** What every operation of this contract but logout says, and what is said under `/auth/` where there is no operation. */
export const envelope: Dialect<EnvelopeReason> = dialectWith(WORDS);

/** Logout alone calls a missing token forbidden. */
export const logoutEnvelope: Dialect<EnvelopeReason> = dialectWith({
  ...WORDS,
  token_required: says(403, WORDS.token_required.message),
});

function dialectWith(words: WordsFor): Dialect<EnvelopeReason> {
  return {
    answer(c: Context, refusal) {
      const { status, message } = words[refusal.refused];
      return c.json({ status: 'error', message }, status, headersFor(refusal, status));
    },

    document: (reasons) =>
      Object.fromEntries(
        [...byStatus(reasons, (reason) => words[reason].status)].map(([status, said]) => [
          status,
          documentStatus(status, said, words),
        ]),
      ),
  };
}

function documentStatus(status: number, reasons: readonly EnvelopeReason[], words: WordsFor): ResponseConfig {
  const messages = [...new Set(reasons.map((reason) => words[reason].message))];
  const schema = z.object({ status: z.literal('error'), message: z.enum(messages) });
  const examples = Object.fromEntries(
    reasons.map((reason) => [reason, { value: { status: 'error', message: words[reason].message } }]),
  );
  return {
    description: messages.map((message) => `\`${message}\``).join(' '),
    content: { 'application/json': { schema, examples } },
    ...documentHeaders(status),
  };
}
