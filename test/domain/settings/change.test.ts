// Settings change all together or not at all, and never without an event.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { Mailing } from '../../../src/domain/mail/mail.ts';
import { changeSettings, inForce, type WantedSettings } from '../../../src/domain/settings/change.ts';
import { isSettingValue } from '../../../src/domain/settings/kinds.ts';
import {
  DEFAULT_SETTINGS,
  definitionOf,
  SETTING_KEYS,
  SETTINGS,
  settingsOf,
} from '../../../src/domain/settings/settings.ts';
import { newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { enrol } from '../../support/domain/factors.ts';
import { NO_MAIL, newMailing } from '../../support/domain/mailing.ts';
import { configure } from '../../support/domain/ports.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters & { readonly mailing: Mailing };
let boss: Account;
beforeEach(async () => {
  adapters = { ...inMemory(), mailing: newMailing() };
  boss = await newAdmin(adapters);
});

const change = (wanted: WantedSettings, audit = administering(boss.id)) => changeSettings(adapters, wanted, audit);
const details = async () => {
  const { items } = await adapters.auditTrail.page({ action: 'setting.changed' }, undefined, 99);
  return items.map(({ detail }) => detail).toReversed();
};

describe('a change', () => {
  it('writes the values that differ from the stored ones, with an event each', async () => {
    const changes = await change({ REGISTRATION_OPEN: false, PASSWORD_MIN_LENGTH: 12 });
    expect(changes).toEqual([
      { key: 'PASSWORD_MIN_LENGTH', from: 6, to: 12, replaced: null, text: '12' },
      { key: 'REGISTRATION_OPEN', from: true, to: false, replaced: null, text: 'false' },
    ]);
    const expected = { ...DEFAULT_SETTINGS, PASSWORD_MIN_LENGTH: 12, REGISTRATION_OPEN: false };
    expect(await adapters.settings.current(NOW)).toEqual(expected);
    expect(await details()).toEqual([
      { setting: 'PASSWORD_MIN_LENGTH', from: 6, to: 12 },
      { setting: 'REGISTRATION_OPEN', from: true, to: false },
    ]);
  });

  it('does nothing where nothing differs', async () => {
    await change({ PASSWORD_MIN_LENGTH: 12 });
    const write = vi.spyOn(adapters.settings, 'write');
    for (const wanted of [{}, { PASSWORD_MIN_LENGTH: 12 }, { PASSWORD_MIN_LENGTH: undefined, USERNAME_REQUIRED: null }])
      expect(await change(wanted)).toEqual([]);
    expect(write).not.toHaveBeenCalled();
    expect(await details()).toHaveLength(1);
  });

  it('stores a value that is the default where none is stored', async () => {
    const stored = await change({ PASSWORD_MIN_LENGTH: 6 });
    expect(stored).toMatchObject([{ from: 6, to: 6, replaced: null, text: '6' }]);
    expect((await adapters.settings.stored(NOW)).get('PASSWORD_MIN_LENGTH')).toBe('6');
  });

  it('takes a setting back to its default by null', async () => {
    await change({ PASSWORD_MIN_LENGTH: 12 });
    expect(await change({ PASSWORD_MIN_LENGTH: null })).toEqual([
      { key: 'PASSWORD_MIN_LENGTH', from: 12, to: 6, replaced: '12', text: null },
    ]);
    expect(await adapters.settings.current(NOW)).toEqual(DEFAULT_SETTINGS);
  });

  it('starts from the default where the stored text is not valid', async () => {
    await configure(adapters, { PASSWORD_MIN_LENGTH: '999' });
    expect(await change({ PASSWORD_MIN_LENGTH: 12 })).toMatchObject([{ from: 6, to: 12, replaced: '999', text: '12' }]);
  });

  it('is not made without its event', async () => {
    const ann = await newAccount(adapters);
    const wanted = { PASSWORD_MIN_LENGTH: 12 };
    expect(await change(wanted, administering(ann.id))).toMatchObject({ refused: 'forbidden' });
    const gone = administering(boss.id, { sessionId: crypto.randomUUID() });
    expect(await change(wanted, gone)).toMatchObject({ refused: 'token_revoked' });
    expect(await adapters.settings.current(NOW)).toEqual(DEFAULT_SETTINGS);
    expect(await details()).toEqual([]);
  });

  it('asks for verified emails only where mail is configured', async () => {
    const wanted = { EMAIL_VERIFICATION_REQUIRED: true, PASSWORD_MIN_LENGTH: 12 };
    const withoutMail = { ...adapters, mailing: NO_MAIL };
    const audit = administering(boss.id);
    expect(await changeSettings(withoutMail, wanted, audit)).toMatchObject({ refused: 'setting_needs_mail' });
    expect(await details()).toEqual([]);
    expect(await change(wanted)).toHaveLength(2);
    expect(await changeSettings(withoutMail, { EMAIL_VERIFICATION_REQUIRED: false }, audit)).toHaveLength(1);
  });

  it('asks admins for two factors only in a session that proved two', async () => {
    const { id: sessionId } = await openSession(adapters, boss);
    const wanted = { ADMIN_SECOND_FACTOR_REQUIRED: true };
    const acts = [administering(boss.id, { sessionId }), { ...administering(boss.id), sessionId }];
    for (const audit of [...acts, administering(boss.id, { sessionId, proven: { since: NOW } })])
      expect(await change(wanted, audit)).toMatchObject({ refused: 'enrollment_before_setting' });
    expect(await details()).toEqual([]);
    await enrol(adapters, boss, sessionId);
    const ann = await newAccount(adapters);
    expect(await change(wanted, { ...administering(ann.id), sessionId })).toMatchObject({ refused: 'token_revoked' });
    for (const audit of acts) {
      expect(await change(wanted, audit)).toMatchObject([{ from: false, to: true }]);
      await change({ ADMIN_SECOND_FACTOR_REQUIRED: false });
    }
  });

  it('is recorded as undone where it could not be made', async () => {
    const error = new Error('KV PUT failed');
    vi.spyOn(adapters.settings, 'write').mockRejectedValue(error);
    await expect(change({ PASSWORD_MIN_LENGTH: 12 })).rejects.toBe(error);
    expect(await details()).toEqual([
      { setting: 'PASSWORD_MIN_LENGTH', from: 6, to: 12 },
      { setting: 'PASSWORD_MIN_LENGTH', from: 12, to: 6 },
    ]);
  });

  it('is not made where its event could not be recorded', async () => {
    const [write, error] = [vi.spyOn(adapters.settings, 'write'), new Error('D1 is down')];
    vi.spyOn(adapters.settingEvents, 'record').mockRejectedValue(error);
    await expect(change({ PASSWORD_MIN_LENGTH: 12 })).rejects.toBe(error);
    expect(write).not.toHaveBeenCalled();
  });
});

describe('a setting', () => {
  it.each(SETTING_KEYS)('%s takes its own default', (key) => {
    expect(isSettingValue(definitionOf(key), SETTINGS[key].default)).toBe(true);
    expect(DEFAULT_SETTINGS[key]).toBe(SETTINGS[key].default);
    expect(SETTINGS[key].description).not.toBe('');
  });

  it('is in force as it is stored, or else at its default', () => {
    expect(inForce('PASSWORD_MIN_LENGTH', '12')).toBe(12);
    for (const text of [null, '', '0', '129', 'twelve']) expect(inForce('PASSWORD_MIN_LENGTH', text)).toBe(6);
    expect(inForce('REGISTRATION_OPEN', 'false')).toBe(false);
  });
});

it('settings have a value for each key', () => {
  expect(Object.keys(settingsOf(() => 1))).toEqual(SETTING_KEYS);
});

it('the first settings have the defaults and ranges that clients rely on', () => {
  const rangeOf = (key: (typeof SETTING_KEYS)[number]) => {
    const definition = definitionOf(key);
    const range = definition.kind === 'number' ? [definition.min, definition.max] : [];
    return [key, definition.default, ...range];
  };
  expect(SETTING_KEYS.map(rangeOf)).toEqual(
    expect.arrayContaining([
      ['ACCESS_TOKEN_LIFETIME', 30, 1, 86_400],
      ['REFRESH_TOKEN_LIFETIME', 2_592_000, 1, 31_536_000],
      ['SESSION_TOKEN_LIFETIME', 86_400, 1, 31_536_000],
      ['REFRESH_REUSE_GRACE', 0, 0, 60],
      ['PASSWORD_MIN_LENGTH', 6, 1, 128],
      ['USERNAME_REQUIRED', true],
      ['REGISTRATION_OPEN', true],
    ]),
  );
});
