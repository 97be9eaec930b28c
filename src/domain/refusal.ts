// Expected refusals are values. The domain never throws for one: an exception is a bug or an outage.

/** Every reason for a refusal, as a stable word. Each contract words the reasons that its operations can meet. */
export type Reason =
  // the request
  | 'malformed_body'
  | 'invalid_body'
  | 'invalid_query'
  | 'unsupported_media_type'
  | 'payload_too_large'
  | 'not_found'
  | 'method_not_allowed'
  // the caller
  | 'token_required'
  | 'malformed_authorization'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'forbidden'
  | 'reauthentication_required'
  | 'second_factor_enrollment_required'
  // accounts
  | 'username_taken'
  | 'email_taken'
  | 'identity_required'
  | 'password_too_short'
  | 'password_breached'
  | 'registration_closed'
  | 'invalid_credentials'
  | 'account_disabled'
  | 'wrong_password'
  | 'too_many_attempts'
  | 'last_admin'
  | 'account_not_found'
  // email
  | 'email_not_verified'
  | 'email_verified'
  | 'no_email'
  | 'invalid_one_time_token'
  | 'mail_not_configured'
  // settings
  | 'unknown_setting'
  | 'setting_needs_mail'
  | 'enrollment_before_setting'
  // sessions
  | 'invalid_refresh_token'
  | 'session_not_found'
  // factors
  | 'second_factor_required'
  | 'invalid_second_factor'
  | 'invalid_confirmation_code'
  | 'factor_enrolled'
  | 'factor_not_pending'
  | 'factor_not_found'
  // passkeys
  | 'invalid_passkey'
  | 'invalid_new_passkey'
  | 'passkey_exists'
  | 'passkey_not_found'
  | 'last_credential'
  // entities and games
  | 'invalid_cursor'
  | 'invalid_idempotency_key'
  | 'idempotency_key_reused'
  | 'code_taken'
  | 'entity_not_found'
  | 'precondition_failed'
  | 'quota_exceeded'
  | 'game_not_found'
  | 'before_first_stamp'
  // OAuth 2
  | 'unsupported_grant_type'
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'invalid_scope'
  | 'insufficient_scope'
  | 'client_not_found'
  | 'client_is_public'
  | 'grant_not_found'
  // the service
  | 'too_many_requests'
  | 'unavailable'
  | 'internal_error';

/** A fault of one field: its path, and words for the person who sent it. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface FieldErrors {
  readonly errors: readonly FieldError[];
}

interface RetryAfter {
  readonly retryAfterSeconds: number;
}

/** The facts that go with a reason into its response: never a secret, never another account's data. */
export interface FactsByReason {
  readonly invalid_body: Partial<FieldErrors>;
  readonly invalid_query: Partial<FieldErrors>;
  readonly unknown_setting: FieldErrors;
  /** The shortest password that would do, in characters. */
  readonly password_too_short: { readonly minimum: number };
  readonly too_many_attempts: RetryAfter;
  /** The kinds of second factor that would do. */
  readonly second_factor_required: { readonly factors: readonly ('totp' | 'recovery_code')[] };
  readonly too_many_requests: RetryAfter;
  /** The scope that would do, where one would. */
  readonly insufficient_scope: { readonly scope?: string };
  /** The fault of the request, in words for the client's developer. */
  readonly invalid_request: { readonly description: string };
  readonly method_not_allowed: { readonly allow: readonly string[] };
}

// A symbol, because a client's JSON may have any key that a string can name.
const REFUSAL = Symbol('refusal');

type Facts<R> = R extends keyof FactsByReason ? FactsByReason[R] : unknown;

/** Distributes over its reasons, so that a `switch` on `refused` narrows. */
export type Refusal<R extends Reason = Reason> = R extends Reason
  ? Facts<R> & { readonly refused: R; readonly [REFUSAL]: true }
  : never;

/** The facts of a reason as `refuse` takes them: none, some, or optional ones. */
type FactArguments<R> = R extends keyof FactsByReason
  ? Record<never, never> extends FactsByReason[R]
    ? [facts?: FactsByReason[R]]
    : [facts: FactsByReason[R]]
  : [];

export const refuse = <R extends Reason>(reason: R, ...[facts]: FactArguments<R>): Refusal<R> =>
  // The compiler cannot follow the distribution.
  ({ ...facts, refused: reason, [REFUSAL]: true }) as unknown as Refusal<R>;

/** Distinguishes a refusal from an answer, and narrows the type of both. */
export const isRefusal = <T>(value: T): value is Extract<T, Refusal> =>
  typeof value === 'object' && value !== null && REFUSAL in value;
