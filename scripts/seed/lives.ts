// The sessions and audit events of one seeded person, visit by visit, as the Worker records them.
import type { AuditAction, AuditDetail } from '../../src/domain/audit/event.ts';
import type { ClientInfo } from '../../src/domain/audit-context.ts';
import { FAILURES_BEFORE_LOCK } from '../../src/domain/passwords/lockout.ts';
import type { RevocationReason } from '../../src/domain/sessions/revocation.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts';
import { MINUTE_MS } from './calendar.ts';
import type { Device } from './devices.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

export interface SeededEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: AuditAction;
  /** Accounts are named by email: the database gives them their ids. */
  readonly actor: string | null;
  readonly account: string | null;
  readonly client: ClientInfo;
  readonly detail: AuditDetail;
}

export interface SeededSession {
  readonly id: string;
  readonly account: string;
  readonly device: Device;
  readonly createdAt: number;
  lastUsedAt: number;
  ending?: SessionEnding;
}

interface SessionEnding {
  readonly at: number;
  /** Undefined for a logout. */
  readonly reason?: RevocationReason;
  readonly actor: string;
  readonly client: ClientInfo;
}

export interface Visit {
  readonly at: number;
  readonly device: Device;
  /** The number of wrong passwords before the right one. */
  readonly wrongPasswords?: number;
  /** A further action, a minute after the visit began. */
  readonly deed?: Deed;
}

export type Deed = (life: Life, session: SeededSession, at: number) => void;

export interface Deactivation {
  readonly at: number;
  readonly actor: string;
  readonly client: ClientInfo;
}

interface Life {
  readonly person: Person;
  readonly sessions: SeededSession[];
  readonly events: SeededEvent[];
}

export const clientOf = ({ ip, userAgent }: ClientInfo): ClientInfo => ({ ip, userAgent });

/** A session token expires a day after its login, a refresh token a month after its last use. */
export const expiryOf = ({ device, createdAt, lastUsedAt }: SeededSession): number =>
  device.kind === 'session'
    ? createdAt + DEFAULT_SETTINGS.SESSION_TOKEN_LIFETIME * 1000
    : lastUsedAt + DEFAULT_SETTINGS.REFRESH_TOKEN_LIFETIME * 1000;

const isLiveAt = (session: SeededSession, at: number): boolean =>
  (session.ending?.at ?? at + 1) > at && expiryOf(session) > at;

/** Records an event whose actor and account are the same person. */
export function record({ person, events }: Life, action: AuditAction, at: number, client: ClientInfo, detail = {}) {
  events.push({ at, action, actor: person.email, account: person.email, client: clientOf(client), detail });
}

/** The events and sessions of one person until `now`. `visits` are in the order of their time. */
export function liveOf(
  person: Person,
  visits: readonly Visit[],
  deactivation: Deactivation | undefined,
  now: number,
  random: Random,
): Life {
  const life: Life = { person, sessions: [], events: [] };
  record(life, 'account.registered', person.signedUpAt, person.devices[0]);
  for (const visit of visits) {
    if (visit.at < (deactivation?.at ?? now)) come(life, visit, now, random);
    else record(life, 'login.refused', visit.at, visit.device, { reason: 'account_disabled' });
  }
  if (deactivation) endLive(life, { ...deactivation, reason: 'account_deactivated' });
  return life;
}

/** Ends every session but `keep` that is live at the time of `ending`. */
export function endLive({ sessions }: Life, ending: SessionEnding, keep?: SeededSession): void {
  for (const session of sessions) {
    if (session === keep || session.createdAt > ending.at || !isLiveAt(session, ending.at)) continue;
    session.ending = ending;
    session.lastUsedAt = Math.min(session.lastUsedAt, ending.at);
  }
}

/** One visit: the person uses the device's live session, or signs in. */
function come(life: Life, visit: Visit, now: number, random: Random): void {
  const { device, wrongPasswords = 0, deed } = visit;
  const at = afterWrongPasswords(life, device, visit.at, wrongPasswords, random);
  const known = life.sessions.find((session) => session.device === device && isLiveAt(session, at));
  const session = wrongPasswords === 0 && known ? known : signIn(life, device, at, random);
  const leavesAt = at + random.between(3 * MINUTE_MS, 50 * MINUTE_MS);
  session.lastUsedAt = Math.min(leavesAt, session.ending?.at ?? now, expiryOf(session), now);
  if (leavesAt < now && !session.ending && !random.chance(device.staysSignedIn))
    session.ending = { at: leavesAt, actor: life.person.email, client: clientOf(device) };
  deed?.(life, session, at + MINUTE_MS);
}

function signIn({ person, sessions }: Life, device: Device, at: number, random: Random): SeededSession {
  const session = { id: random.uuid(), account: person.email, device, createdAt: at, lastUsedAt: at };
  sessions.push(session);
  return session;
}

/** Records the wrong passwords; returns the time of the right one, which a lock delays by a minute. */
function afterWrongPasswords(life: Life, device: Device, start: number, count: number, random: Random): number {
  let at = start;
  for (let wrong = 1; wrong <= count; wrong += 1) {
    record(life, 'login.refused', at, device, { reason: 'invalid_credentials' });
    if (wrong === FAILURES_BEFORE_LOCK) {
      record(life, 'account.locked', at, device);
      at += MINUTE_MS;
    }
    at += random.between(4, 12) * 1000;
  }
  return at;
}

/** The events of a session: its login, and its logout or revocation. */
export function eventsOf({ id, account, device, createdAt, ending }: SeededSession): readonly SeededEvent[] {
  const opened = { at: createdAt, actor: account, account, client: clientOf(device) };
  const login: SeededEvent = { ...opened, action: 'login.succeeded', detail: { session_id: id, kind: device.kind } };
  if (!ending) return [login];
  const { reason, ...deed } = ending;
  const action = reason ? 'session.revoked' : 'session.ended';
  return [login, { ...deed, account, action, detail: { session_id: id, ...(reason && { reason }) } }];
}
