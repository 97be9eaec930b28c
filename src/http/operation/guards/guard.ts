// A guard decides who may call an operation. Each file in this folder is one guard.
import type { AuditContext, AuthorizedContext } from '../../../domain/audit-context.ts';
import { isRefusal, type Refusal } from '../../../domain/refusal.ts';
import type { BearerReason } from '../../../domain/sign-in/bearer.ts';
import { authorityOf, type Caller } from '../../../domain/sign-in/caller.ts';
import { type Context, clientInfoOf } from '../../context.ts';
import { timed } from '../../middleware/metrics.ts';

export type GuardReason =
  | BearerReason
  | 'insufficient_scope'
  | 'forbidden'
  | 'reauthentication_required'
  | 'second_factor_enrollment_required';

/** OpenAPI security requirements. */
type Security = { readonly [scheme: string]: string[] }[];

export interface Guard<C extends Caller | undefined> {
  /** The caller at the context's time; undefined where the guard lets anybody through. */
  identify(c: Context): Promise<C | Refusal<GuardReason>>;
  /** The role that the caller's writes need as well. */
  readonly role?: 'admin';
  /** Whether a caller without a token is let through. */
  readonly isOptional?: true;
  readonly refuses: readonly GuardReason[];
  readonly security: Security;
}

/** The context of a caller's writes: with an authority where there is a caller. */
export type AuditOf<C> = C extends Caller ? AuthorizedContext : AuditContext;

export function auditContextOf(
  c: Context,
  caller: Caller | undefined,
  role: 'admin' | null,
): AuditContext | AuthorizedContext {
  const context = { ...clientInfoOf(c), now: c.get('now') };
  if (!caller) return { ...context, actorId: null };
  const { accountId: actorId, sessionId } = caller;
  return { ...context, actorId, sessionId, authority: { ...authorityOf(caller), role } };
}

/** Identifies the caller; records its id and the time in the request's metrics. */
export async function identified<C extends Caller | undefined>(
  c: Context,
  guard: Guard<C>,
): Promise<C | Refusal<GuardReason>> {
  const metrics = c.get('metrics');
  const caller = await timed(metrics, 'authMs', guard.identify(c));
  if (caller && !isRefusal(caller)) metrics.accountId = (caller as Caller).accountId; // what is left of the union
  return caller;
}

export const BEARER_REASONS = [
  'token_required',
  'malformed_authorization',
  'token_invalid',
  'token_expired',
  'token_revoked',
  'insufficient_scope',
] as const;

/** A token that the client has already, or one that it gets for a password at `/token`. */
export const WITH_TOKEN: Security = [{ bearer: [] }, { password: [] }];
export const WITH_OR_WITHOUT_TOKEN: Security = [{}, ...WITH_TOKEN];
