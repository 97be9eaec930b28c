// A month in the life of a growing service, relative to now: its accounts, audit events and sessions.
import type { Role } from '../../src/domain/accounts/account.ts';
import { RETENTION_MS } from '../../src/domain/maintenance/cleanup.ts';
import { DAY_MS, dayOf } from '../../src/domain/maintenance/statistics.ts';
import { type Calendar, calendarAt, isWeekend, MINUTE_MS, momentOf } from './calendar.ts';
import { type Cast, castOf, partsOf, strangersEvents } from './incidents.ts';
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
  /** In the order of their registration. */
  readonly accounts: readonly SeededAccount[];
  /** In the order of their time. */
  readonly events: readonly SeededEvent[];
  /** Live sessions, and ended ones that clean-up has not removed yet. */
  readonly sessions: readonly (SeededSession & { readonly tokenHash: string | null })[];
}

const SEED = 20_261_120;
const BUSY = 1.7;
/** The least time between an everyday visit and any other visit of a person. */
const APART_MS = 15 * MINUTE_MS;

export function monthUntil(now: number): Month {
  const random = randomFrom(SEED);
  const calendar = calendarAt(now);
  const people = peopleOf(calendar, random);
  const cast = castOf(people, calendar);
  const parts = partsOf(cast, calendar, random);
  const lives = people.map((person, index) => {
    // Random numbers for each person, so that one person's visits do not change another's month.
    const own = randomFrom(SEED + 1 + index);
    const { visits = [], deactivation } = parts.get(person) ?? {};
    const everyday = everydayVisits(person, calendar, own).filter(({ at }) => visits.every(isApartFrom(at)));
    const inOrder = [...everyday, ...visits].sort((a, b) => a.at - b.at);
    return liveOf(person, inOrder, deactivation, now, own);
  });
  const sessions = lives.flatMap((life) => life.sessions);
  const events = [...lives.flatMap((life) => life.events), ...sessions.flatMap(eventsOf)];
  return {
    accounts: people.map((person) => accountOf(person, events, cast)),
    events: [...events, ...strangersEvents(calendar, random)].sort((a, b) => a.at - b.at),
    sessions: sessions
      .filter((session) => endOf(session) > now - RETENTION_MS.endedSessions)
      .map((session) => ({ ...session, tokenHash: session.device.kind === 'refresh' ? random.hex(64) : null })),
  };
}

const isApartFrom = (at: number) => (visit: Visit) => Math.abs(visit.at - at) > APART_MS;

const endOf = (session: SeededSession): number => session.ending?.at ?? expiryOf(session);

/** A visit right after the sign-up, and up to three on each later day. */
function everydayVisits(person: Person, calendar: Calendar, random: Random): readonly Visit[] {
  const { signedUpAt, keenness, weekends, devices, until } = person;
  const first: Visit = { at: signedUpAt + random.between(20, 90) * 1000, device: devices[0] };
  const visits: Visit[] = [];
  for (let day = dayOf(signedUpAt); day <= calendar.now; day += DAY_MS) {
    const likely = keenness * (isWeekend(day) ? weekends : 1) * (day === calendar.busyDay ? BUSY : 1);
    // The third visit is for keen people on the busy day.
    for (const probability of [likely, likely / 3, likely - 0.8])
      if (random.chance(probability)) visits.push(visitOn(day, devices, random));
  }
  const end = Math.min(until, calendar.now - MINUTE_MS);
  return [first, ...visits.filter((visit) => visit.at > signedUpAt + APART_MS && visit.at < end)];
}

function visitOn(day: number, devices: Person['devices'], random: Random): Visit {
  const device = random.chance(0.6) ? devices[0] : random.pick(devices);
  return { at: momentOf(day, random), device, wrongPasswords: random.weighted([94, 4, 2]) };
}

function accountOf(person: Person, events: readonly SeededEvent[], cast: Cast): SeededAccount {
  const { username, email, data, signedUpAt } = person;
  const changes = events.filter(({ account, action }) => account === email && CHANGES.has(action));
  return {
    username,
    email,
    data,
    role: person === cast.admin || person === cast.promoted ? 'admin' : 'user',
    active: person !== cast.deactivated,
    createdAt: signedUpAt,
    updatedAt: changes.at(-1)?.at ?? signedUpAt,
  };
}

/** Actions that set `updated_at` of an account. */
const CHANGES: ReadonlySet<string> = new Set(['account.role_changed', 'account.deactivated', 'password.changed']);
