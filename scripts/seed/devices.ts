// The devices that people sign in on. Addresses are those set aside for documentation (RFC 5737, RFC 3849).
import type { SessionKind } from '../../src/domain/sessions/session.ts';
import type { Random } from './random.ts';

export interface Device {
  readonly ip: string;
  readonly userAgent: string;
  /** Apps keep a token pair, pages and scripts a session token. */
  readonly kind: SessionKind;
  /** The share of visits that end without a logout. */
  readonly staysSignedIn: number;
}

const COMPUTERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 ' +
    'Edg/156.0.0.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:157.0) Gecko/20100101 Firefox/157.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 ' +
    'Safari/605.1.15',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 ' +
    'Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:157.0) Gecko/20100101 Firefox/157.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
] as const;

const PHONES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 ' +
    'Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
  'okhttp/5.3.2',
  'Dart/3.10 (dart:io)',
] as const;

const SCRIPTS = ['curl/8.17.0', 'python-requests/2.32.5', 'node'] as const;

/** The address of an office that several people share. */
const OFFICE = '198.51.100.7';

/** A group of an IPv6 address, without leading zeros (RFC 5952 §4.1). */
const group = (random: Random): string => random.between(0x100, 0xfff).toString(16);

const homeAddress = (random: Random): string =>
  random.chance(0.25)
    ? `2001:db8:${group(random)}:${random.between(1, 9)}::${random.between(2, 99)}`
    : `203.0.113.${random.between(2, 254)}`;

const computer = (random: Random): Device => ({
  ip: random.chance(0.3) ? OFFICE : homeAddress(random),
  userAgent: random.pick(COMPUTERS),
  kind: random.chance(0.6) ? 'session' : 'refresh',
  staysSignedIn: 0.45,
});

export const phone = (random: Random): Device => ({
  ip: random.chance(0.4) ? `2001:db8:${group(random)}::${group(random)}` : `192.0.2.${random.between(2, 254)}`,
  userAgent: random.pick(PHONES),
  kind: 'refresh',
  staysSignedIn: 0.6,
});

const script = (random: Random): Device => ({
  ip: `198.51.100.${random.between(20, 254)}`,
  userAgent: random.pick(SCRIPTS),
  kind: 'session',
  staysSignedIn: 0.8,
});

/** A computer, for most people a phone, for a few a script. People sign up on the first device. */
export function devicesOf(random: Random): readonly [Device, ...Device[]] {
  const more = random.chance(0.65) ? [phone(random)] : random.chance(0.25) ? [script(random)] : [];
  return [computer(random), ...more];
}

/** The client of somebody who guesses names and passwords. */
export const stranger = (random: Random): Pick<Device, 'ip' | 'userAgent'> => ({
  ip: `192.0.2.${random.between(2, 254)}`,
  userAgent: random.pick(['python-requests/2.32.5', 'Go-http-client/2.0']),
});
