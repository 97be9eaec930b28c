// A month of a service that grows: who signed up, who came back and when, and what happened besides. Relative to now.
import type { Role } from '../../src/domain/accounts/account.ts';
import { RETENTION_MS } from '../../src/domain/maintenance/cleanup.ts';
import { DAY_MS, dayOf } from '../../src/domain/maintenance/statistics.ts';
import { type Calendar, calendarAt, isWeekend, MINUTE_MS, momentOf } from './calendar.ts';
import { type Incidents, incidentsOf, strangersEvents } from './incidents.ts';
import { eventsOf, expiryOf, liveOf, type SeededEvent, type SeededSession, type Visit } from './lives.ts';
import { type Person, peopleOf } from './people.ts';
import { type Random, randomFrom } from './random.ts';

export interface SeededAccount extends Pick<Person, 'username' | 'email' | 'data'> {
  readonly role: Role;
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Month {
  /** In the order that they signed up in. */
  readonly accounts: readonly SeededAccount[];
  /** In the order of their time. */
  readonly events: readonly SeededEvent[];
  /** Live ones, and those that ended so lately that clean-up leaves them. */
  readonly sessions: readonly (SeededSession & { readonly tokenHash: string | null })[];
}

const SEED = 20_261_120;
const BUSY = 1.9;
/** Everyday visits keep this far from what else a person does. */
const APART_MS = 15 * MINUTE_MS;

export function monthUntil(now: number): Month {
  const random = randomFrom(SEED);
  const calendar = calendarAt(now);
  const people = peopleOf(calendar, random);
  const incidents = incidentsOf(people, calendar, random);
  const lives = people.map((person) => {
    const { visits = [], deactivation } = incidents.parts.get(person) ?? {};
    const everyday = everydayVisits(person, calendar, random).filter(({ at }) => visits.every(isApartFrom(at)));
    const inOrder = [...everyday, ...visits].sort((a, b) => a.at - b.at);
    return liveOf(person, inOrder, deactivation, now, random);
  });
  const sessions = lives.flatMap((life) => life.sessions);
  const events = [...lives.flatMap((life) => life.events), ...sessions.flatMap(eventsOf)];
  return {
    accounts: people.map((person) => accountOf(person, events, incidents)),
    events: [...events, ...strangersEvents(calendar, random)].sort((a, b) => a.at - b.at),
    sessions: sessions
      .filter((session) => endOf(session) > now - RETENTION_MS.endedSessions)
      .map((session) => ({ ...session, tokenHash: session.device.kind === 'refresh' ? random.hex(64) : null })),
  };
}

const isApartFrom = (at: number) => (visit: Visit) => Math.abs(visit.at - at) > APART_MS;

const endOf = (session: SeededSession): number => session.ending?.at ?? expiryOf(session);

/** The first visit follows the sign-up; then there are days with visits and days without. */
function everydayVisits(person: Person, calendar: Calendar, random: Random): readonly Visit[] {
  const { signedUpAt, keenness, weekends, devices, until } = person;
  const first: Visit = { at: signedUpAt + random.between(20, 90) * 1000, device: devices[0] };
  const visits: Visit[] = [];
  for (let day = dayOf(signedUpAt); day <= calendar.now; day += DAY_MS) {
    const likely = keenness * (isWeekend(day) ? weekends : 1) * (day === calendar.busyDay ? BUSY : 1);
    // One visit, another, and on the busy day mostly one more.
    for (const probability of [likely, likely / 3, likely - 0.7])
      if (random.chance(probability)) visits.push(visitOn(day, devices, random));
  }
  const end = Math.min(until, calendar.now - MINUTE_MS);
  return [first, ...visits.filter((visit) => visit.at > signedUpAt + APART_MS && visit.at < end)];
}

function visitOn(day: number, devices: Person['devices'], random: Random): Visit {
  const device = random.chance(0.6) ? devices[0] : random.pick(devices);
  return { at: momentOf(day, random), device, wrongPasswords: random.weighted([94, 4, 2]) };
}

function accountOf(person: Person, events: readonly SeededEvent[], incidents: Incidents): SeededAccount {
  const { username, email, data, signedUpAt } = person;
  const changes = events.filter(({ account, action }) => account === email && CHANGES.has(action));
  return {
    username,
    email,
    data,
    role: person === incidents.admin || person === incidents.promoted ? 'admin' : 'user',
    active: person !== incidents.deactivated,
    createdAt: signedUpAt,
    updatedAt: changes.at(-1)?.at ?? signedUpAt,
  };
}

/** What changes an account's row. */
const CHANGES: ReadonlySet<string> = new Set(['account.role_changed', 'account.deactivated', 'password.changed']);
