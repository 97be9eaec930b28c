// The OpenAPI description of an operation: every answer and every refusal of its declaration.
import type { RouteConfig } from '@hono/zod-openapi';
import type { Reason } from '../../domain/refusal.ts';
import { type CommonReason, type ErrorFormat, mergedResponses, type ResponseConfig } from '../errors/error-format.ts';
import type { MediaType } from './body.ts';
import type { Answer, AnyOperation } from './declaration.ts';
import { scopeOf } from './scope.ts';

export function documentOperation<D extends Reason>(operation: AnyOperation<D>, format: ErrorFormat<D>): RouteConfig {
  const { method, path, operationId, tag, summary, description, guard, body, query, params, headers } = operation;
  // The library wants schemas of one exact class.
  const content = body && (documentBody(operation) as never);
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    description,
    security: [...guard.security, ...oauthSecurity(operation)],
    request: {
      ...(content ? { body: { required: operation.bodyRequired ?? true, content } } : {}),
      ...(query ? { query: query() } : {}),
      ...(params ? { params: params() } : {}),
      ...(headers ? { headers: headers() } : {}),
    },
    responses: withRefusals(
      Object.fromEntries(Object.entries(operation.answers).map(documentAnswer)),
      format.document(reasonsOf(operation)),
    ),
  };
}

/** A client's token with the scope that the operation needs; none where it reads no token or no scope is enough. */
function oauthSecurity<D extends Reason>(operation: AnyOperation<D>): { readonly [scheme: string]: string[] }[] {
  const scope = scopeOf(operation);
  return operation.guard.security.length > 0 && scope ? [{ oauth2: [scope] }] : [];
}
type Responses = Readonly<Record<string, ResponseConfig>>;

/** A status may be an answer and a refusal as well. */
const withRefusals = (answers: Responses, refusals: Responses): Record<string, ResponseConfig> => ({
  ...answers,
  ...Object.fromEntries(
    Object.entries(refusals).map(([status, refusal]) => [
      status,
      answers[status] ? mergedResponses(answers[status], refusal) : refusal,
    ]),
  ),
});

function documentBody<D extends Reason>(operation: AnyOperation<D>) {
  const { body, bodyExample, form = body, formExample = bodyExample, mediaTypes = ['application/json'] } = operation;
  const json = { schema: body?.(), example: bodyExample };
  const contentOf = (type: MediaType) =>
    type === 'application/x-www-form-urlencoded' ? { schema: form?.(), example: formExample } : json;
  return Object.fromEntries(mediaTypes.map((type) => [type, contentOf(type)]));
}

function documentAnswer([status, answer]: [string, Answer]): [string, ResponseConfig] {
  const { description, schema, example, headers, streamed = 'application/json' } = answer;
  const content = schema ? { content: { [streamed]: { schema: schema(), example } } } : {};
  const documented = { description, ...content, ...(headers ? { headers: headers() } : {}) };
  return [status, documented as ResponseConfig]; // see the cast above
}

/** Every reason that an operation can refuse for, each once. */
function reasonsOf<R extends Reason>(operation: AnyOperation<R>): readonly (R | CommonReason)[] {
  const { guard, body, query, params, rateLimit, refusalLimit, accountLimit, recent, refuses } = operation;
  return [
    ...new Set<R | CommonReason>([
      ...(body ? (['malformed_body', 'invalid_body', 'payload_too_large', 'unsupported_media_type'] as const) : []),
      ...(query ? (['invalid_query'] as const) : []),
      ...(params ? (['not_found'] as const) : []),
      ...(rateLimit || refusalLimit || accountLimit ? (['too_many_requests'] as const) : []),
      ...guard.refuses,
      ...(recent ? (['reauthentication_required'] as const) : []),
      ...refuses,
      'internal_error',
      'unavailable',
    ]),
  ];
}
