// How one contract says no: a table of words feeds both the answer and the OpenAPI document.
import type { RouteConfig } from '@hono/zod-openapi';
import type { Reason, Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

export type ResponseConfig = RouteConfig['responses'][string];

/** Reasons that any operation may meet, whatever its own are. */
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
  | 'too_many_requests'
  | 'unavailable'
  | 'internal_error';

/** A contract that can say every reason in `R`. */
export interface Dialect<R extends Reason> {
  answer(c: Context, refusal: Refusal<R | CommonReason>): Response;
  /** The OpenAPI responses that these reasons lead to, one per status. */
  document(reasons: readonly (R | CommonReason)[]): Record<string, ResponseConfig>;
}
