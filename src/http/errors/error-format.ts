// An error format is how one contract reports refusals: one table makes both the responses and the OpenAPI document.
import type { RouteConfig } from '@hono/zod-openapi';
import type { Reason, Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

export type ResponseConfig = RouteConfig['responses'][string];

/** What refusals need of JSON Schema, and of OpenAPI's headers. */
export interface JsonSchema {
  readonly type: 'object' | 'array' | 'string' | 'integer';
  readonly description?: string;
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: string[];
  readonly items?: JsonSchema;
  readonly enum?: string[];
  readonly example?: string;
}
export type Headers = Record<
  string,
  { readonly description: string; readonly required: true; readonly schema: JsonSchema }
>;

/** The reasons that any operation can meet besides its own. */
export type CommonReason =
  | 'malformed_body'
  | 'invalid_body'
  | 'invalid_query'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'not_found'
  | 'method_not_allowed'
  | 'token_required'
  | 'malformed_authorization'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'forbidden'
  | 'insufficient_scope'
  | 'reauthentication_required'
  | 'second_factor_enrollment_required'
  | 'too_many_requests'
  | 'unavailable'
  | 'internal_error';

/** A format that has a message for every reason in `R`. */
export interface ErrorFormat<R extends Reason> {
  respond(c: Context, refusal: Refusal<R | CommonReason>): Response;
  /** The OpenAPI responses of these reasons, one for each status. */
  document(reasons: readonly (R | CommonReason)[]): Record<string, ResponseConfig>;
}

/** The documentation of a status, by reasons: a description, the schema of the body and an example for each reason. */
export const documentedStatus = (
  description: string,
  mediaType: string,
  schema: JsonSchema,
  examples: readonly (readonly [reason: string, body: object])[],
  headers?: Headers,
): ResponseConfig => ({
  description,
  ...(headers ? { headers } : {}),
  content: {
    [mediaType]: { schema, examples: Object.fromEntries(examples.map(([reason, value]) => [reason, { value }])) },
  },
});

/**
 * The JSON Schema of an object whose properties are required, but for those in `optional`. Refusals have no schemas of
 * zod: nothing validates them, and making them took two thirds of the time that the document took.
 */
export const objectSchema = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema => ({ type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) });

export const STRING: JsonSchema = { type: 'string' };

/** The JSON Schema of a string that is one of the values. */
export const oneOf = (values: Iterable<string>): JsonSchema => ({ type: 'string', enum: [...new Set(values)] });

/** One status that has two meanings: the content and the descriptions of both. */
export function mergedResponses(...responses: readonly (ResponseConfig | undefined)[]): ResponseConfig {
  const all = responses.flatMap((response) => (response && 'content' in response ? response : []));
  const content = Object.assign({}, ...all.map((response) => response.content));
  const description = all.map((response) => response.description).join(' ');
  return Object.assign({}, ...all, { description, content });
}
