// Finds the live session of a token, not ended, of an active account and not over its age, and records its use.
import type { SettingsStore } from '../settings/settings.ts';
import { isOverAge } from './max-age.ts';
import type { LiveSession, SessionHolder, Sessions } from './session.ts';

export interface LiveSessionPorts {
  readonly sessions: Sessions;
  readonly settings: SettingsStore;
}

/** Both stores are asked at the same time. */
export async function findLiveSession(
  ports: LiveSessionPorts,
  { accountId, sessionId }: SessionHolder,
  now: number,
): Promise<LiveSession | undefined> {
  const [settings, live] = await Promise.all([ports.settings.current(now), ports.sessions.findLive(sessionId, now)]);
  if (live?.account.id !== accountId) return undefined;
  return isOverAge(live.createdAt, settings, now) ? undefined : live;
}

/** How stale `last_used_at` may be: a write at every use would double the cost of a check. */
const USE_RECORDED_AFTER_MS = 5 * 60 * 1000;

export function recordUseIfStale(sessions: Sessions, sessionId: string, lastUsedAt: number, now: number): void {
  if (lastUsedAt < now - USE_RECORDED_AFTER_MS) sessions.recordUse(sessionId, now);
}
