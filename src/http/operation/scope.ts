// The scope that a client's token needs for an operation. Tokens of our own logins need none.
import { grants, type Scope } from '../../domain/oauth/scopes.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/caller.ts';
import type { Guard } from './guards/guard.ts';

/** The scope of an operation that declares none: the use of one's own account. */
const DEFAULT_SCOPE: Scope = 'account';

interface Scoped {
  readonly guard: Guard<Caller | undefined>;
  readonly scope?: Scope;
}

/** The scope that lets a client's token call the operation; undefined where none does: administration. */
export const scopeOf = ({ guard, scope = DEFAULT_SCOPE }: Scoped): Scope | undefined =>
  guard.role === 'admin' ? undefined : scope;

/** Whether it reads or writes entities or games: their statements check the caller's role themselves. */
export const isOfEntities = (operation: Scoped): boolean => scopeOf(operation)?.startsWith('entities:') ?? false;

/**
 * The caller, where its token may call the operation. A client's token that may not is refused, or counts as none where
 * no token is needed.
 */
export function withinScope(
  operation: Scoped,
  caller: Caller | undefined,
): Caller | undefined | Refusal<'insufficient_scope'> {
  if (!caller?.client) return caller;
  const needed = scopeOf(operation);
  if (needed !== undefined && grants(caller.client.scopes, needed)) return caller;
  if (operation.guard.isOptional) return undefined;
  return refuse('insufficient_scope', needed === undefined ? {} : { scope: needed });
}
