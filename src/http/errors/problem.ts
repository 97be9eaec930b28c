// Problem details (RFC 9457): the error format of every contract but the Envelope API.
import type { FieldError, Reason, Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import {
  documentedStatus,
  type ErrorFormat,
  type Headers,
  type JsonSchema,
  objectSchema,
  oneOf,
  type ResponseConfig,
  STRING,
} from './error-format.ts';
import { PROBLEMS } from './problem-texts.ts';

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: Reason;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
  readonly factors?: readonly string[];
}

type Members = Pick<ProblemBody, 'errors' | 'factors'>;

/** The code of a reason. */
const codeOf = (reason: Reason): Reason => PROBLEMS[reason].code ?? reason;

function problemBody(reason: Reason, requestId: string, members: Members = {}): ProblemBody {
  const { title, status, detail, code = reason } = PROBLEMS[reason];
  return { type: `urn:latchkey:problem:${code}`, title, status, detail, code, request_id: requestId, ...members };
}

/** The schema of a problem for one of these reasons. */
export const problemSchema = (reasons: readonly Reason[]): JsonSchema =>
  objectSchema(
    {
      type: STRING,
      title: STRING,
      status: { type: 'integer' },
      detail: STRING,
      code: oneOf(reasons.map(codeOf)),
      request_id: STRING,
    },
    {
      errors: { type: 'array', items: objectSchema({ path: STRING, message: STRING }) },
      ...(reasons.includes('second_factor_required') ? { factors: FACTORS } : {}),
    },
  );

const FACTORS: JsonSchema = {
  type: 'array',
  items: oneOf(['totp', 'recovery_code']),
  description: 'With `second_factor_required`: what would do.',
};

/** The facts that every error format can report. */
interface Facts {
  readonly errors?: readonly FieldError[];
  readonly factors?: readonly string[];
  readonly retryAfterSeconds?: number;
  readonly allow?: readonly string[];
}

/** The facts of a refusal. */
const factsOf = (refusal: Refusal): Facts => refusal as Facts; // of any reason

/** The field error of a short password. */
export const shortPassword = (path: string, minimum: number): FieldError => ({
  path,
  message: `must be at least ${minimum} characters`,
});

/** The field errors of a refusal. The field of a short password is `password`, unless the handler names another. */
export function errorsOf(refusal: Refusal): readonly FieldError[] | undefined {
  const { errors } = factsOf(refusal);
  return !errors && refusal.refused === 'password_too_short' ? [shortPassword('password', refusal.minimum)] : errors;
}

function membersOf(refusal: Refusal): Members {
  const [errors, { factors }] = [errorsOf(refusal), factsOf(refusal)];
  return { ...(errors ? { errors } : {}), ...(factors ? { factors } : {}) };
}

/** RFC 6750 §3: a challenge on every 401, with an error code where a token was sent. */
const challengeFor = (reason: Reason): string => {
  const wasSent = reason.startsWith('token_') && reason !== 'token_required';
  return wasSent || reason === 'malformed_authorization'
    ? `Bearer error="invalid_token", error_description="${PROBLEMS[reason].detail}"`
    : 'Bearer';
};

/** RFC 6750 §3.1: the scope that would do, where one would. */
const scopeChallenge = (scope: string | undefined): string =>
  `Bearer error="insufficient_scope"${scope === undefined ? '' : `, scope="${scope}"`}`;

/** The headers of a refusal, in every error format. */
export function headersFor(refusal: Refusal, status: number): Record<string, string> {
  const { retryAfterSeconds, allow } = factsOf(refusal);
  return {
    ...(status === 401 ? { 'WWW-Authenticate': challengeFor(refusal.refused) } : {}),
    ...(refusal.refused === 'insufficient_scope' ? { 'WWW-Authenticate': scopeChallenge(refusal.scope) } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow ? { Allow: allow.join(', ') } : {}),
  };
}

export const PROBLEM_JSON = 'application/problem+json';

const EXAMPLE_REQUEST_ID = '2f1d6f0e-0f0b-4d43-9c53-1a4f6f0b7f3a';

function documentProblem(status: number, reasons: readonly Reason[]): ResponseConfig {
  const description = reasons.map((reason) => `\`${codeOf(reason)}\`: ${PROBLEMS[reason].detail}`).join(' ');
  const examples = reasons.map((reason) => [reason, problemBody(reason, EXAMPLE_REQUEST_ID)] as const);
  return documentedStatus(description, PROBLEM_JSON, problemSchema(reasons), examples, documentHeaders(status));
}

/** The headers that a status always has, for the document. */
export const documentHeaders = (status: number): Headers | undefined =>
  status === 429 ? RETRY_AFTER : status === 401 ? CHALLENGE : undefined;

const documentHeader = (name: string, description: string, example: string): Headers => ({
  [name]: { description, required: true, schema: { type: 'string', description, example } },
});
const RETRY_AFTER = documentHeader('Retry-After', 'Seconds to wait.', '10');
const CHALLENGE = documentHeader('WWW-Authenticate', 'RFC 6750 §3.', 'Bearer');

export const problem: ErrorFormat<Reason> = {
  respond(c: Context, refusal) {
    const { status } = PROBLEMS[refusal.refused];
    const body = problemBody(refusal.refused, c.get('requestId'), membersOf(refusal));
    const headers = { 'Content-Type': PROBLEM_JSON, ...headersFor(refusal, status) };
    return c.body(JSON.stringify(body), status, headers);
  },

  document(reasons) {
    const byStatus = Map.groupBy(reasons, (reason) => PROBLEMS[reason].status);
    return Object.fromEntries([...byStatus].map(([status, group]) => [status, documentProblem(status, group)]));
  },
};
