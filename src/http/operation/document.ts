// What the OpenAPI document says of an operation: every answer and every refusal of its declaration.
import type { RouteConfig } from '@hono/zod-openapi';
import type { Reason } from '../../domain/refusal.ts';
import type { CommonReason, Dialect, ResponseConfig } from '../errors/error-format.ts';
import type { MediaType } from './body.ts';
import { type Access, reasonsOf } from './guards.ts';
import type { AnyOperation, Success } from './operation.ts';

export function documentOperation<D extends Reason>(operation: AnyOperation<D>, dialect: Dialect<D>): RouteConfig {
  const { method, path, operationId, tag, summary, description, access, body, query, params, headers, answers } =
    operation;
  return {
    method,
    path,
    operationId,
    tags: [tag],
    summary,
    description,
    security: SECURITY[access],
    request: {
      ...(body
        ? { body: { required: operation.bodyRequired ?? true, content: documentBody(operation) as never } }
        : {}), // the library wants schemas of one exact class
      ...(query ? { query } : {}),
      ...(params ? { params } : {}),
      ...(headers ? { headers } : {}),
    },
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(documentSuccess)),
      ...dialect.document(metBy(operation)),
    },
  };
}

/** Either a token that is there already, or one that a password gets at `/token`. */
const WITH_A_TOKEN: { readonly [scheme: string]: string[] }[] = [{ bearer: [] }, { password: [] }];
const WITH_OR_WITHOUT = [{}, ...WITH_A_TOKEN];

const SECURITY: Readonly<Record<Access, typeof WITH_A_TOKEN>> = {
  public: [],
  optional: WITH_OR_WITHOUT,
  lenient: WITH_OR_WITHOUT,
  bearer: WITH_A_TOKEN,
  account: WITH_A_TOKEN,
  admin: WITH_A_TOKEN,
};

function documentBody<D extends Reason>({
  body,
  bodyExample,
  form = body,
  formExample = bodyExample,
  mediaTypes,
}: AnyOperation<D>) {
  const json = { schema: body, example: bodyExample };
  const contentOf = (type: MediaType) =>
    type === 'application/x-www-form-urlencoded' ? { schema: form, example: formExample } : json;
  return Object.fromEntries((mediaTypes ?? ['application/json']).map((type) => [type, contentOf(type)]));
}

function documentSuccess([status, { description, schema, example, headers }]: [string, Success]): [
  string,
  ResponseConfig,
] {
  const content = schema ? { content: { 'application/json': { schema, example } } } : {};
  return [status, { description, ...content, ...(headers ? { headers } : {}) } as ResponseConfig]; // as above
}

/** Every reason an operation can meet, each once. */
function metBy<R extends Reason>({
  access,
  body,
  query,
  params,
  flood,
  refuses,
}: AnyOperation<R>): readonly (R | CommonReason)[] {
  return [
    ...new Set<R | CommonReason>([
      ...(body ? (['malformed_body', 'invalid_body', 'payload_too_large', 'unsupported_media_type'] as const) : []),
      ...(query ? (['invalid_query'] as const) : []),
      ...(params ? (['not_found'] as const) : []),
      ...(flood ? (['too_many_requests'] as const) : []),
      ...reasonsOf(access),
      ...refuses,
      'internal_error',
      'unavailable',
    ]),
  ];
}
