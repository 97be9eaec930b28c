// A new password has a length in characters as people count them, and none is trimmed.
import { describe, expect, it, vi } from 'vitest';
import { normalisePassword, passwordLength, refuseWeak } from '../../../src/domain/passwords/policy.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings/settings.ts';
import { knownPasswords } from '../../support/domain/known-passwords.ts';

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

  it('is refused where it is shorter than the setting asks, with the least length', async () => {
    const settings = { ...DEFAULT_SETTINGS, PASSWORD_MIN_LENGTH: 3 };
    const refused = (password: string, asked: Settings = DEFAULT_SETTINGS) =>
      refuseWeak({ breachedPasswords: knownPasswords({}) }, password, asked);
    expect(await refused('🔑🔑', settings)).toMatchObject({ refused: 'password_too_short', minimum: 3 });
    expect(await refused('🔑🔑🔑', settings)).toBeUndefined();
    expect(await refused('12345')).toMatchObject({ minimum: 6 });
    expect(await refused('123456')).toBeUndefined();
  });

  it.each([
    ['off', [undefined, undefined, undefined]],
    ['common', ['password_breached', undefined, undefined]],
    ['range', ['password_breached', 'password_breached', undefined]],
  ])('is refused where attackers know it, as far as the setting %s asks', async (check, expected) => {
    const known = knownPasswords({ common: ['Password1'], breached: ['hunter22'] });
    const settings = { ...DEFAULT_SETTINGS, PASSWORD_BREACH_CHECK: check };
    const answers = ['Ｐassword1', 'hunter22', 'a long one'].map((password) =>
      refuseWeak({ breachedPasswords: known }, password, settings),
    );
    expect((await Promise.all(answers)).map((answer) => answer?.refused)).toEqual(expected);
  });

  it('is looked up no further than necessary', async () => {
    const [isCommon, isBreached] = [vi.fn(async () => true), vi.fn(async () => true)];
    const breachedPasswords = { isCommon, isBreached };
    const ask = (password: string, check: string) =>
      refuseWeak({ breachedPasswords }, password, { ...DEFAULT_SETTINGS, PASSWORD_BREACH_CHECK: check });
    await ask('short', 'range');
    await ask('long enough', 'off');
    expect(isCommon).not.toHaveBeenCalled();
    await ask('long enough', 'range');
    expect([isCommon.mock.calls.length, isBreached.mock.calls.length]).toEqual([1, 0]);
  });
});
