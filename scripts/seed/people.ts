// The people of the seeded month: when they signed up, how often they come back, and on which devices.
import type { AccountData } from '../../src/domain/accounts/account.ts';
import { DAY_MS } from '../../src/domain/maintenance/statistics.ts';
import { type Calendar, DAYS, HOUR_MS, isWeekend, MINUTE_MS, MONTH_DAYS, momentOf } from './calendar.ts';
import { type Device, devicesOf } from './devices.ts';
import type { Random } from './random.ts';

export interface Person {
  readonly username: string | null;
  readonly email: string;
  readonly data: AccountData;
  /** Milliseconds since the epoch. */
  readonly signedUpAt: number;
  /** The probability of a visit on a weekday, and its factor at weekends. */
  readonly keenness: number;
  readonly weekends: number;
  /** The last visit is before this time (milliseconds). */
  readonly until: number;
  readonly devices: readonly [Device, ...Device[]];
}

const NAMES = `Maren Lindqvist, Tomás Ferreira, Aiko Tanaka, Kwame Mensah, Priya Raman, Oskar Nowak, Leila Haddad,
  Jonas Weber, Camille Laurent, Diego Morales, Ingrid Solberg, Samuel Okoye, Hana Kim, Matteo Ricci, Nadia Petrova,
  Liam Byrne, Fatima Zahra, Erik Johansson, Chloe Martin, Arjun Mehta, Sofia Costa, Noah Fischer, Mei Chen,
  Gabriel Silva, Elif Demir, Lucas Meyer, Amara Okafor, Henrik Dahl, Valentina Rossi, Yusuf Khan, Clara Jansen,
  Mateus Oliveira, Freya Larsen, Daniel Novak, Thandi Dlamini, Julien Moreau, Anna Kowalska, Rafael Ortiz, Saara Niemi,
  Ibrahim Diallo, Emma Lefebvre, Viktor Horvat, Isabel Navarro, Kofi Boateng, Marta Vidal, Theo Papadakis, Lena Bauer,
  Omar Farouk, Julia Santos, Pavel Dvorak, Nia Williams, Simon Keller, Rosa Jimenez, Anders Holm, Zainab Bello,
  Marco Conti, Eva Horakova, Hugo Bernard, Linh Nguyen, Ada Bjornson, Peter Varga, Carmen Ruiz, Elias Virtanen,
  Grace Achieng, Milan Jovic, Iris de Vries`.split(/,\s+/);

/** The number of people who signed up before the month began. */
const BEFORE = 31;
const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;
const DATA: readonly AccountData[] = [
  {},
  {},
  { newsletter: true },
  { city: 'Lisbon', newsletter: false },
  { theme: { dark: true } },
  { languages: ['en', 'de'] },
  { city: 'Oslo' },
];

/**
 * Everybody, in the order of their sign-up. The first sign-up is a whole number of days before now, so that its
 * milliseconds differ between runs; the last one is recent.
 */
export function peopleOf(calendar: Calendar, random: Random): readonly Person[] {
  const first = calendar.now - DAYS * DAY_MS;
  const latest = calendar.minutesAgo(38.45);
  const before = Array.from({ length: BEFORE - 1 }, () => calendar.daysAgo(random.between(MONTH_DAYS + 1, DAYS - 1)));
  const busy = Array.from({ length: 4 }, () => calendar.busyDay);
  const during = Array.from({ length: NAMES.length - BEFORE - busy.length - 1 }, () => growingDay(calendar, random));
  const moments = [...before, ...busy, ...during].map((day) => openMoment(momentOf(day, random), calendar, random));
  const earlier = moments.map((at) => Math.min(at, latest - random.between(HOUR_MS, 6 * HOUR_MS)));
  return [first, ...earlier.sort((a, b) => a - b), latest].map((at, index) =>
    personOf(NAMES[index] ?? '', index, at, random),
  );
}

/** A random day of the month; late days and weekdays are likelier. */
function growingDay(calendar: Calendar, random: Random): number {
  const day = calendar.daysAgo(Math.floor(MONTH_DAYS * (1 - random.fraction() ** 0.7)));
  return isWeekend(day) && random.chance(0.6) ? growingDay(calendar, random) : day;
}

const openMoment = (at: number, { closedFrom, closedUntil }: Calendar, random: Random): number =>
  at >= closedFrom && at < closedUntil ? closedFrom - random.between(MINUTE_MS, 6 * HOUR_MS) : at;

function personOf(name: string, index: number, signedUpAt: number, random: Random): Person {
  const [first = '', ...last] = plain(name).split(' ');
  const local = [`${first}.${last.join('')}`, first, `${first.charAt(0)}${last.join('')}`][random.weighted([5, 2, 3])];
  return {
    username: [name, `${first}${index}`, null][random.weighted([6, 2, 2])] ?? null,
    email: `${local}@${DOMAINS[index % DOMAINS.length]}`,
    data: DATA[index % DATA.length] ?? {},
    signedUpAt,
    keenness: 0.15 + 0.6 * random.fraction(),
    weekends: random.chance(0.15) ? 1.2 : 0.15 + 0.35 * random.fraction(),
    until: random.chance(0.18) ? signedUpAt + random.between(2, 12) * 24 * HOUR_MS : Number.POSITIVE_INFINITY,
    devices: devicesOf(random),
  };
}

/** Lower case without accents, for an email. */
const plain = (name: string): string => name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
