// A new password has a length in characters as people count them, and none is trimmed.
import { describe, expect, it } from 'vitest';
import { normalisePassword, passwordLength, refuseShort } from '../../../src/domain/passwords/policy.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/settings.ts';

describe('a password', () => {
  it.each([
    ['', 0],
    ['      ', 6],
    ['pässword', 8],
    ['pa\u0308ssword', 8],
    ['🔑🔑🔑', 3],
    ['ﬁ', 2],
  ])('%j has %i characters', (password, length) => {
    expect(passwordLength(password)).toBe(length);
  });

  it('is the same however it is typed', () => {
    expect(normalisePassword('pa\u0308ss')).toBe(normalisePassword('päss'));
    expect(normalisePassword('Ｐａｓｓ')).toBe('Pass');
    expect(normalisePassword(' pass ')).toBe(' pass ');
  });

  it('is refused where it is shorter than the setting asks, with the shortest that would do', () => {
    const settings = { ...DEFAULT_SETTINGS, PASSWORD_MIN_LENGTH: 3 };
    expect(refuseShort('🔑🔑', settings)).toMatchObject({ refused: 'password_too_short', minimum: 3 });
    expect(refuseShort('🔑🔑🔑', settings)).toBeUndefined();
    expect(refuseShort('12345', DEFAULT_SETTINGS)).toMatchObject({ minimum: 6 });
    expect(refuseShort('123456', DEFAULT_SETTINGS)).toBeUndefined();
  });
});
