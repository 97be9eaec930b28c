// RFC 6238's own vectors, and the values that an authenticator app and the Worker must agree on.
import { HOTP, Secret, TOTP, URI } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { toBase32 } from '../../../src/domain/factors/base32.ts';
import { matchingStep, totpUri } from '../../../src/domain/factors/totp.ts';

const SECRET = Uint8Array.from(new TextEncoder().encode('12345678901234567890'));

/** RFC 6238, appendix B: SHA-1, of eight digits. Our six are the last of them. */
const VECTORS = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;

const codeAfter = (now: number, steps: number): string =>
  HOTP.generate({ secret: new Secret({ buffer: SECRET.buffer }), counter: Math.floor(now / 30_000) + steps });

describe('a code', () => {
  it.each(VECTORS)('is that of RFC 6238 at %i seconds', async (seconds, digits) => {
    const step = Math.floor(seconds / 30);
    expect(await matchingStep(SECRET, digits.slice(2), 0, seconds * 1000)).toBe(step);
  });

  it('is valid one step early and one step late, and no further', async () => {
    const now = 1_111_111_109_000;
    const codes = [-2, -1, 0, 1, 2].map((steps) => codeAfter(now, steps));
    const found = await Promise.all(codes.map((code) => matchingStep(SECRET, code, 0, now)));
    const step = Math.floor(now / 30_000);
    expect(found).toEqual([undefined, step - 1, step, step + 1, undefined]);
  });

  it('is refused for every step up to the one that was accepted last', async () => {
    const now = 1_111_111_109_000;
    const step = Math.floor(now / 30_000);
    expect(await matchingStep(SECRET, codeAfter(now, 0), step, now)).toBeUndefined();
    expect(await matchingStep(SECRET, codeAfter(now, -1), step, now)).toBeUndefined();
    expect(await matchingStep(SECRET, codeAfter(now, 1), step, now)).toBe(step + 1);
  });

  it('is compared whole: neither a part of it is enough, nor a longer text', async () => {
    const code = codeAfter(59_000, 0);
    for (const other of [code.slice(0, 5), `${code}0`, ''])
      expect(await matchingStep(SECRET, other, 0, 59_000)).toBeUndefined();
  });

  it('agrees with an authenticator app for any secret and time', async () => {
    for (let round = 0; round < 50; round += 1) {
      const secret = crypto.getRandomValues(new Uint8Array(20));
      const now = Math.floor(Math.random() * 4e12);
      const code = new TOTP({ secret: new Secret({ buffer: secret.buffer }) }).generate({ timestamp: now });
      expect(await matchingStep(secret, code, 0, now)).toBe(Math.floor(now / 30_000));
    }
  });
});

describe('the address of a secret', () => {
  it('is read by an authenticator app, whatever the names are', () => {
    const secret = toBase32(SECRET);
    const parsed = URI.parse(totpUri(secret, 'Käse & Co: 100%', 'a b+c@example.com'));
    const expected = {
      issuer: 'Käse & Co  100%',
      label: 'a b+c@example.com',
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    };
    expect(parsed).toMatchObject(expected);
    expect(parsed.secret.base32).toBe(secret);
  });
});

describe('base32', () => {
  it('is that of RFC 4648, and throws where padding would be needed', () => {
    expect(toBase32(new TextEncoder().encode('fooba'))).toBe('MZXW6YTB');
    expect(toBase32(SECRET)).toBe(new Secret({ buffer: SECRET.buffer }).base32);
    expect(() => toBase32(new Uint8Array(1))).toThrow();
  });
});
