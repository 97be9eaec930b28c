// Operations that require recent credentials: always, or for changes that REAUTHENTICATE_FOR_CHANGES covers.
import type { Refusal } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/caller.ts';
import { type Recency, requireRecent } from '../../domain/sign-in/recent.ts';
import type { Context } from '../context.ts';

/** Every call; every call where the setting is on; or, where it is on, those whose body makes such a change. */
export type RecentFor<B> = Recency | ((body: B) => boolean);

/** The caller, whose writes require recent credentials again if this call needs them. */
export async function withRecent<B>(
  c: Context,
  recentFor: RecentFor<B> | undefined,
  caller: Caller | undefined,
  body: B,
): Promise<Caller | undefined | Refusal<'reauthentication_required' | 'token_revoked'>> {
  if (!caller || !recentFor || (typeof recentFor === 'function' && !recentFor(body))) return caller;
  const recency = typeof recentFor === 'function' ? 'for changes' : recentFor;
  return requireRecent(c.get('ports'), caller, recency, c.get('now'));
}
