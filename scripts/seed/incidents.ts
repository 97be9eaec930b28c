// Incidents of the seeded month beside everyday visits: a lock, a changed password, a deactivation and the like.
import { FAILURES_BEFORE_LOCK } from '../../src/domain/passwords/lockout.ts';
import type { SettingKey } from '../../src/domain/settings/settings.ts';
import { type Calendar, HOUR_MS, MINUTE_MS } from './calendar.ts';
import { phone, stranger } from './devices.ts';
import { clientOf, type Deactivation, type Deed, endLive, record, type SeededEvent, type Visit } from './lives.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** A person's visits and deactivation, beside their everyday visits. */
interface Part {
  readonly visits: readonly Visit[];
  readonly deactivation?: Deactivation;
}

export interface Cast {
  readonly admin: Person;
  /** Becomes an admin as well. */
  readonly promoted: Person;
  readonly forgetful: Person;
  readonly careful: Person;
  readonly tidy: Person;
  readonly unsure: Person;
  readonly deactivated: Person;
}

export function castOf(people: readonly Person[], { daysAgo }: Calendar): Cast {
  const [admin, promoted, forgetful, careful, tidy, unsure] = [0, 6, 11, 17, 23, 27].map((index) => people[index]);
  // The first to sign up after the month began.
  const deactivated = people.find(({ signedUpAt }) => signedUpAt >= daysAgo(29));
  if (!admin || !promoted || !forgetful || !careful || !tidy || !unsure || !deactivated)
    throw new Error('there are too few people for the month');
  return { admin, promoted, forgetful, careful, tidy, unsure, deactivated };
}

const visit = ({ devices: [device] }: Person, at: number, more: Partial<Visit> = {}): Visit => ({
  at,
  device,
  ...more,
});

export function partsOf(cast: Cast, calendar: Calendar, random: Random): ReadonlyMap<Person, Part> {
  const { admin, forgetful, careful, tidy, unsure, deactivated } = cast;
  const { on, minutesAgo } = calendar;
  const deactivation = { at: on(3, '16:20:05.731'), actor: admin.email, client: clientOf(admin.devices[0]) };
  const deeds = adminDeeds(cast, calendar, deactivation.at);
  const onPhone = (at: number): Visit => ({ at, device: { ...phone(random), staysSignedIn: 1 } });
  return new Map<Person, Part>([
    [admin, { visits: deeds.map(([at, deed]) => visit(admin, at - MINUTE_MS, { deed })) }],
    [forgetful, { visits: [visit(forgetful, on(6, '08:52:11.940'), { wrongPasswords: FAILURES_BEFORE_LOCK })] }],
    [
      careful,
      { visits: [onPhone(on(15, '06:38:25.117')), visit(careful, on(14, '18:02:49.655'), { deed: changePassword })] },
    ],
    [tidy, { visits: [onPhone(on(1, '19:26:33.081')), visit(tidy, minutesAgo(18.21), { deed: endOthers })] }],
    [unsure, { visits: [visit(unsure, minutesAgo(52.64), { wrongPasswords: 1 })] }],
    [
      deactivated,
      {
        deactivation,
        visits: [onPhone(deactivation.at - 5 * HOUR_MS), visit(deactivated, deactivation.at + 2 * HOUR_MS)],
      },
    ],
  ]);
}

/** The admin's deeds with their times. Every setting is back at its default in the end, since none is changed in KV. */
const adminDeeds = (
  { promoted, deactivated }: Cast,
  { on, minutesAgo, closedFrom, closedUntil }: Calendar,
  deactivatedAt: number,
): readonly (readonly [number, Deed])[] => [
  [on(20, '10:07:31.402'), changeSetting('ACCESS_TOKEN_LIFETIME', 30, 60)],
  [on(12, '14:11:08.214'), actOn(promoted, 'account.role_changed', { from: 'user', to: 'admin' })],
  [closedFrom, changeSetting('REGISTRATION_OPEN', true, false)],
  [closedUntil, changeSetting('REGISTRATION_OPEN', false, true)],
  [deactivatedAt, actOn(deactivated, 'account.deactivated', {})],
  [minutesAgo(27.37), changeSetting('ACCESS_TOKEN_LIFETIME', 60, 30)],
];

/** An admin's deed: the actor is the admin, the account is the one acted on. */
const act =
  (action: SeededEvent['action'], account: string | null, detail: SeededEvent['detail']): Deed =>
  ({ person, events }, { device }, at) => {
    events.push({ at, action, actor: person.email, account, client: clientOf(device), detail });
  };

const actOn = (person: Person, action: SeededEvent['action'], detail: SeededEvent['detail']) =>
  act(action, person.email, detail);

const changeSetting = (setting: SettingKey, from: number | boolean, to: number | boolean) =>
  act('setting.changed', null, { setting, from, to });

const changePassword: Deed = (life, session, at) => {
  record(life, 'password.changed', at, session.device);
  const client = clientOf(session.device);
  endLive(life, { at, actor: life.person.email, client, reason: 'password_changed' }, session);
};

const endOthers: Deed = (life, session, at) => {
  const client = clientOf(session.device);
  endLive(life, { at, actor: life.person.email, client, reason: 'by_owner' }, session);
};

/** Refused sign-ins with names that no account has. */
export function strangersEvents({ daysAgo }: Calendar, random: Random): readonly SeededEvent[] {
  return [41, 33, 26, 22, 19, 13, 8, 5, 2].flatMap((days) => {
    const client = stranger(random);
    const start = daysAgo(days) + random.between(0, 23 * HOUR_MS);
    return Array.from({ length: random.between(1, 4) }, (_, index) => ({
      at: start + index * random.between(1500, 3000),
      action: 'login.refused' as const,
      actor: null,
      account: null,
      client,
      detail: { reason: 'invalid_credentials' },
    }));
  });
}
