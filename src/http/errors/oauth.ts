// How `/token` says no: as RFC 6749 §5.2 where an OAuth 2 form was sent, as problem details to everybody else.
import { z } from '@hono/zod-openapi';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { CommonReason, Dialect, ResponseConfig } from './error-format.ts';
import { byStatus, headersFor, PROBLEMS, problem } from './problem.ts';

export type TokenReason =
  | CommonReason
  | 'invalid_credentials'
  | 'account_disabled'
  | 'too_many_attempts'
  | 'unsupported_grant_type';

type OAuthError =
  | 'invalid_request'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'
  | 'server_error';

/** What RFC 6749 calls a reason. It has no words for limits and outages on this endpoint: those are of §4.1.2.1. */
function oauthError(reason: TokenReason): OAuthError {
  if (reason === 'invalid_credentials' || reason === 'account_disabled') return 'invalid_grant';
  if (reason === 'unsupported_grant_type') return reason;
  if (reason === 'too_many_attempts' || reason === 'too_many_requests' || reason === 'unavailable')
    return 'temporarily_unavailable';
  return reason === 'internal_error' ? 'server_error' : 'invalid_request';
}

/** RFC 6749 §5.2 knows 400 alone, and leaves limits, sizes and outages to HTTP. */
const statusOf = (reason: TokenReason): ContentfulStatusCode =>
  oauthError(reason) === 'invalid_grant' ? 400 : PROBLEMS[reason].status;

export const isForm = (c: Context): boolean =>
  /^\s*application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? '');

/** RFC 6749 §5.1, for the answers that carry a token and for those that don't. */
export const UNCACHED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

export const tokenDialect: Dialect<TokenReason> = {
  answer: (c, refusal) => (isForm(c) ? oauthAnswer(c, refusal) : problem.answer(c, refusal)),

  document(reasons) {
    const problems = problem.document(reasons);
    const errors = Object.fromEntries(
      [...byStatus(reasons, statusOf)].map(([status, said]) => [status, documentError(said)]),
    );
    const statuses = [...new Set([...Object.keys(problems), ...Object.keys(errors)])];
    return Object.fromEntries(statuses.map((status) => [status, both(problems[status], errors[status])]));
  },
};

function oauthAnswer(c: Context, refusal: Refusal<TokenReason>): Response {
  const status = statusOf(refusal.refused);
  const details = (refusal.errors ?? []).map(({ path, message }) => `${path} ${message}`);
  const description = [PROBLEMS[refusal.refused].detail, ...details].join(' ');
  // RFC 6749 §5.2: no character outside %x20-21 / %x23-5B / %x5D-7E.
  const body = {
    error: oauthError(refusal.refused),
    error_description: description.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'"),
  };
  return c.json(body, status, { ...UNCACHED, ...headersFor(refusal, status) });
}

function documentError(reasons: readonly TokenReason[]): ResponseConfig {
  const errors = [...new Set(reasons.map(oauthError))];
  const schema = z.object({ error: z.enum(errors), error_description: z.string() });
  const examples = reasons.map((reason) => [
    reason,
    { value: { error: oauthError(reason), error_description: PROBLEMS[reason].detail } },
  ]);
  const description = `To a form: ${errors.map((error) => `\`${error}\``).join(', ')}.`;
  return { description, content: { 'application/json': { schema, examples: Object.fromEntries(examples) } } };
}

/** One status, said in both ways. */
function both(problems: ResponseConfig | undefined, errors: ResponseConfig | undefined): ResponseConfig {
  const said = [problems, errors].flatMap((response) => (response && 'content' in response ? response : []));
  const content = Object.assign({}, ...said.map((response) => response.content));
  return Object.assign({}, ...said, { description: said.map(({ description }) => description).join(' '), content });
}
