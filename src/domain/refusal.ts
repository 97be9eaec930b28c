// An expected "no" is a value. The domain refuses and never throws: an exception is a bug or an outage.

/** Everything Latchkey can refuse for, as stable words. Each contract says the ones it can meet in its own way. */
export type Reason =
  // what was sent
  | 'malformed_body'
  | 'invalid_body'
  | 'invalid_query'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'not_found'
  | 'method_not_allowed'
  // who is asking
  | 'token_required'
  | 'malformed_authorization'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'forbidden'
  // accounts
  | 'username_taken'
  | 'email_taken'
  | 'identity_required'
  | 'password_too_short'
  | 'registration_closed'
  | 'invalid_credentials'
  | 'account_disabled'
  | 'wrong_password'
  | 'too_many_attempts'
  | 'last_admin'
  | 'account_not_found'
  // settings
  | 'unknown_setting'
  // sessions
  | 'invalid_refresh_token'
  | 'session_not_found'
  // entities and games
  | 'unsupported_query'
  | 'invalid_cursor'
  | 'invalid_idempotency_key'
  | 'idempotency_key_reused'
  | 'code_taken'
  | 'entity_not_found'
  | 'precondition_failed'
  | 'game_not_found'
  | 'before_first_stamp'
  // OAuth 2
  | 'unsupported_grant_type'
  // the house itself
  | 'too_many_requests'
  | 'unavailable'
  | 'internal_error';

/** What a person can do about a field that is wrong: a path into the body or query, and words. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** Facts a refusal may carry to its answer; never a secret, never another's data. */
export interface Facts {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly allow?: readonly string[];
}

// A symbol, because a client's own JSON may have any key that a string can name.
const REFUSAL = Symbol('refusal');

/** Distributes over its reasons, so that a `switch` on `refused` narrows. */
export type Refusal<R extends Reason = Reason> = R extends Reason
  ? Facts & { readonly refused: R; readonly [REFUSAL]: true }
  : never;

export const refuse = <R extends Reason>(reason: R, facts: Facts = {}): Refusal<R> =>
  ({ ...facts, refused: reason, [REFUSAL]: true }) as Refusal<R>; // the compiler can't see through the distribution

/** Tells a refusal from an answer, and narrows the type of what is left. */
export const isRefusal = <T>(value: T): value is Extract<T, Refusal> =>
  typeof value === 'object' && value !== null && REFUSAL in value;
