// OAuth errors: RFC 6749 §5.2 where a form was sent, problem details for everybody else.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { type CommonReason, type ErrorFormat, mergedResponses } from './error-format.ts';
import { describable, documentErrors, UNCACHED } from './oauth-forms.ts';
import { errorsOf, headersFor, problem } from './problem.ts';
import { PROBLEMS } from './problem-texts.ts';

export type TokenReason =
  | CommonReason
  | 'invalid_credentials'
  | 'account_disabled'
  | 'email_not_verified'
  | 'second_factor_required'
  | 'invalid_second_factor'
  | 'too_many_attempts'
  | 'unsupported_grant_type';

type OAuthError =
  | 'invalid_request'
  | 'invalid_grant'
  | 'mfa_required'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error';

const INVALID_GRANT: readonly TokenReason[] = [
  'invalid_credentials',
  'invalid_second_factor',
  'account_disabled',
  'email_not_verified',
];

/** The error code of a reason. Limits and outages have codes in §4.1.2.1 only, which are used here as well. */
function oauthError(reason: TokenReason): OAuthError {
  if (INVALID_GRANT.includes(reason)) return 'invalid_grant';
  if (reason === 'second_factor_required') return 'mfa_required';
  if (reason === 'unsupported_grant_type') return reason;
  if (reason === 'too_many_attempts' || reason === 'too_many_requests' || reason === 'unavailable')
    return 'temporarily_unavailable';
  return reason === 'internal_error' ? 'server_error' : 'invalid_request';
}

/** RFC 6749 §5.2 defines 400 alone, and leaves limits, sizes and outages to HTTP. */
const statusOf = (reason: TokenReason): ContentfulStatusCode =>
  ['invalid_grant', 'mfa_required'].includes(oauthError(reason)) ? 400 : PROBLEMS[reason].status;

const isForm = (c: Context): boolean =>
  /^\s*application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? '');

export const oauth: ErrorFormat<TokenReason> = {
  respond: (c, refusal) => (isForm(c) ? oauthResponse(c, refusal) : problem.respond(c, refusal)),

  document(reasons) {
    const problems = problem.document(reasons);
    const byStatus = Map.groupBy(reasons, statusOf);
    const errors = Object.fromEntries(
      [...byStatus].map(([status, group]) => [status, documentErrors('To a form: ', group, oauthError)]),
    );
    const statuses = [...new Set([...Object.keys(problems), ...Object.keys(errors)])];
    return Object.fromEntries(statuses.map((status) => [status, mergedResponses(problems[status], errors[status])]));
  },
};

function oauthResponse(c: Context, refusal: Refusal<TokenReason>): Response {
  const status = statusOf(refusal.refused);
  const fields = (errorsOf(refusal) ?? []).map(({ path, message }) => `${path} ${message}`);
  const description = [PROBLEMS[refusal.refused].detail, ...fields].join(' ');
  const body = { error: oauthError(refusal.refused), error_description: describable(description) };
  return c.json(body, status, { ...UNCACHED, ...headersFor(refusal, status) });
}
