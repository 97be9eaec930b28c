// The numbers of the lock, and the subject that is counted where no account has a name.
import { describe, expect, it } from 'vitest';
import {
  FIRST_LOCK_MS,
  LOCK_DOUBLINGS,
  LONGEST_LOCK_MS,
  retryAfterSeconds,
  unknownSubject,
} from '../../../src/domain/passwords/lockout.ts';

it('the longest lock is reached by the doublings that are counted, and not before', () => {
  expect(FIRST_LOCK_MS * 2 ** LOCK_DOUBLINGS).toBeGreaterThanOrEqual(LONGEST_LOCK_MS);
  expect(FIRST_LOCK_MS * 2 ** (LOCK_DOUBLINGS - 1)).toBeLessThan(LONGEST_LOCK_MS);
});

it.each([
  [60_000, 60],
  [59_001, 60],
  [59_000, 59],
  [1, 1],
  [0, 1],
  [-5_000, 1],
])('a lock that ends in %i ms is waited for %i s', (left, seconds) => {
  expect(retryAfterSeconds(1_000_000 + left, 1_000_000)).toBe(seconds);
});

describe('a name that nobody has', () => {
  it('is counted in any case and form as one', async () => {
    const subject = await unknownSubject({ email: 'Straße@example.com' });
    expect(await unknownSubject({ email: ' STRASSE@EXAMPLE.COM ' })).toBe(subject);
    expect(await unknownSubject({ email: 'other@example.com' })).not.toBe(subject);
  });

  it('is counted apart as a username and as an email', async () => {
    expect(await unknownSubject({ username: 'ann' })).not.toBe(await unknownSubject({ email: 'ann' }));
  });

  it('is stored as a hash alone', async () => {
    expect(await unknownSubject({ username: 'My Password' })).toMatch(/^unknown:[0-9a-f]{64}$/);
  });
});
