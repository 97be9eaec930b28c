// Recent credentials: an operation that a stolen session must not do requires that they were proven a short while ago.
import { type Refusal, refuse } from '../refusal.ts';
import { findLiveSession, type LiveSessionPorts } from '../sessions/live.ts';
import type { Settings } from '../settings/settings.ts';
import type { Caller } from './caller.ts';

/** Required always, or where REAUTHENTICATE_FOR_CHANGES is true. */
export type Recency = 'always' | 'for changes';

/**
 * The caller, whose writes will require recent credentials again; refused where its session proved them too long ago.
 * The session of an access token is looked up, and must live.
 */
export async function requireRecent<C extends Caller>(
  ports: LiveSessionPorts,
  caller: C,
  recency: Recency,
  now: number,
): Promise<C | Refusal<'reauthentication_required' | 'token_revoked'>> {
  const settings = await ports.settings.current(now);
  if (recency === 'for changes' && !settings.REAUTHENTICATE_FOR_CHANGES) return caller;
  const session = await sessionOf(ports, caller, now);
  if (!session) return refuse('token_revoked');
  const since = recentSince(settings, now);
  if (session.authentication.at < since) return refuse('reauthentication_required');
  return { ...caller, proven: { ...caller.proven, since } };
}

const sessionOf = async (ports: LiveSessionPorts, caller: Caller, now: number) =>
  caller.use === 'session' ? caller : findLiveSession(ports, caller, now);

/** The time since which credentials must have been proven to be recent, in milliseconds since the epoch. */
const recentSince = ({ REAUTHENTICATION_AGE: seconds }: Settings, now: number): number => now - seconds * 1000;
