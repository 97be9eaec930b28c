// The errors of OAuth's endpoints: RFC 6749 §5.2, whatever was sent.
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Reason, Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import {
  type CommonReason,
  documentedStatus,
  type ErrorFormat,
  type Headers,
  objectSchema,
  oneOf,
  type ResponseConfig,
  STRING,
} from './error-format.ts';
import { documentHeaders, errorsOf, headersFor } from './problem.ts';
import { PROBLEMS } from './problem-texts.ts';

const OWN_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
] as const;

export type OAuthReason = CommonReason | (typeof OWN_ERRORS)[number];

type OAuthError = (typeof OWN_ERRORS)[number] | 'temporarily_unavailable' | 'server_error';

/** Limits and outages have codes in §4.1.2.1 only, which are used here as well. */
function errorOf(reason: OAuthReason): OAuthError {
  const own = OWN_ERRORS.find((error) => error === reason);
  if (own) return own;
  if (reason === 'too_many_requests' || reason === 'unavailable') return 'temporarily_unavailable';
  return reason === 'internal_error' ? 'server_error' : 'invalid_request';
}

/** A malformed form is an `invalid_request`, which §5.2 answers with 400. */
const statusOf = (reason: OAuthReason): ContentfulStatusCode =>
  reason === 'unsupported_media_type' ? 400 : PROBLEMS[reason].status;

/** RFC 6749 §5.1: the headers of a token response, and of an error in its place. */
export const UNCACHED = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** RFC 6749 §5.2: no character outside %x20-21 / %x23-5B / %x5D-7E. */
export const describable = (text: string): string => text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");

/** A description for the client's developer: the parameter, where the refusal knows it. */
function descriptionOf(refusal: Refusal<OAuthReason>): string {
  if (refusal.refused === 'invalid_request') return refusal.description;
  const fields = (errorsOf(refusal) ?? []).map(({ path, message }) => `${path} ${message}`.trim());
  return fields.length > 0 ? fields.join(' ') : PROBLEMS[refusal.refused].detail;
}

function challengesOf(c: Context, refusal: Refusal<OAuthReason>, status: number): Record<string, string> {
  if (status !== 401) return headersFor(refusal, status);
  return c.req.header('Authorization') === undefined ? {} : { 'WWW-Authenticate': 'Basic realm="clients"' };
}

export const oauthForms: ErrorFormat<OAuthReason> = {
  respond(c, refusal) {
    const status = statusOf(refusal.refused);
    const body = { error: errorOf(refusal.refused), error_description: describable(descriptionOf(refusal)) };
    return c.json(body, status, { ...UNCACHED, ...challengesOf(c, refusal, status) });
  },

  document(reasons) {
    const byStatus = [...Map.groupBy(reasons, statusOf)];
    const headersOf = (status: number) => (status === 401 ? undefined : documentHeaders(status));
    return Object.fromEntries(
      byStatus.map(([status, group]) => [status, documentErrors('', group, errorOf, headersOf(status))]),
    );
  },
};

/** The documentation of errors of §5.2: `intro` starts its description. */
export function documentErrors<R extends Reason>(
  intro: string,
  reasons: readonly R[],
  errorOf: (reason: R) => string,
  headers?: Headers,
): ResponseConfig {
  const errors = [...new Set(reasons.map(errorOf))];
  const description = `${intro}${errors.map((error) => `\`${error}\``).join(', ')}.`;
  const schema = objectSchema({ error: oneOf(errors), error_description: STRING });
  const examples = reasons.map((reason) => {
    const body = { error: errorOf(reason), error_description: describable(PROBLEMS[reason].detail) };
    return [reason, body] as const;
  });
  return documentedStatus(description, 'application/json', schema, examples, headers);
}
