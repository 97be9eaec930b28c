// The setting SESSION_MAX_AGE: a session ends this long after it was opened, however often it is refreshed.
import type { Settings, SettingsStore } from '../settings/settings.ts';
import type { Session, Sessions } from './session.ts';

/** Some thirty thousand years: no limit, as a number that can be added to a time. */
const UNLIMITED_MS = 1e15;

type MaxAge = Pick<Settings, 'SESSION_MAX_AGE'>;

/** The age at which sessions end, in milliseconds. */
export const maxAgeMs = ({ SESSION_MAX_AGE: seconds }: MaxAge): number =>
  seconds === 0 ? UNLIMITED_MS : seconds * 1000;

/** How long a new session may live, where its kind's own lifetime is longer. */
export const withinMaxAge = (lifetimeSeconds: number, settings: MaxAge): number =>
  Math.min(lifetimeSeconds, maxAgeMs(settings) / 1000);

/** Whether a session that was opened at `createdAt` is over its age, however late it expires. */
export const isOverAge = (createdAt: number, settings: MaxAge, now: number): boolean =>
  createdAt + maxAgeMs(settings) <= now;

/** When a session ends: as it expires, or at its age. */
export const endsAt = (
  { createdAt, expiresAt }: { readonly createdAt: number; readonly expiresAt: number },
  settings: MaxAge,
): number => Math.min(expiresAt, createdAt + maxAgeMs(settings));

/** An account's live sessions, each with the end that its age sets. */
export async function listSessions(
  ports: { readonly sessions: Sessions; readonly settings: SettingsStore },
  accountId: number,
  now: number,
): Promise<readonly Session[]> {
  const [settings, sessions] = await Promise.all([ports.settings.current(now), ports.sessions.list(accountId, now)]);
  return sessions
    .filter(({ createdAt }) => !isOverAge(createdAt, settings, now))
    .map((session) => ({ ...session, expiresAt: endsAt(session, settings) }));
}
