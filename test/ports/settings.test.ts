// The contract of ChangeableSettings and SettingEvents: the event decides, and the stored texts are in force.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { SettingChange } from '../../src/domain/settings/change.ts';
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../src/domain/settings/settings.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { administering, CLIENT, MINUTE_MS, NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const LONGER: SettingChange = { key: 'PASSWORD_MIN_LENGTH', from: 6, to: 12, replaced: null, text: '12' };
const CLOSED: SettingChange = { key: 'REGISTRATION_OPEN', from: true, to: false, replaced: null, text: 'false' };

describe.each(ADAPTERS)('settings %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
  });

  const events = async () => (await adapters.auditTrail.page({ action: 'setting.changed' }, undefined, 9)).items;

  it('are their defaults where none is stored', async () => {
    expect(await adapters.settings.stored(NOW)).toEqual(new Map(SETTING_KEYS.map((key) => [key, null])));
    expect(await adapters.settings.current(NOW)).toEqual(DEFAULT_SETTINGS);
  });

  it('are in force at once when they are written, and others stay', async () => {
    const { settings } = adapters;
    await settings.current(NOW);
    await settings.write([LONGER, CLOSED], NOW);
    const changed = { ...DEFAULT_SETTINGS, PASSWORD_MIN_LENGTH: 12, REGISTRATION_OPEN: false };
    expect(await settings.current(NOW)).toEqual(changed);
    expect(await settings.current(NOW + MINUTE_MS)).toEqual(changed);
    const stored = await settings.stored(NOW);
    expect([stored.get('PASSWORD_MIN_LENGTH'), stored.get('REGISTRATION_OPEN')]).toEqual(['12', 'false']);
    expect(stored.get('ACCESS_TOKEN_LIFETIME')).toBeNull();
  });

  it('are their defaults again where the text is taken away', async () => {
    const { settings } = adapters;
    await settings.write([LONGER, CLOSED], NOW);
    await settings.write(
      [{ key: 'PASSWORD_MIN_LENGTH', from: 12, to: 6, replaced: '12', text: null }],
      NOW + MINUTE_MS,
    );
    expect(await settings.current(NOW + MINUTE_MS)).toEqual({ ...DEFAULT_SETTINGS, REGISTRATION_OPEN: false });
    expect((await settings.stored(NOW + MINUTE_MS)).get('PASSWORD_MIN_LENGTH')).toBeNull();
  });

  it('are their defaults where the stored text is not valid', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await adapters.settings.write([{ ...LONGER, text: '129' }], NOW);
    expect(await adapters.settings.current(NOW)).toEqual(DEFAULT_SETTINGS);
    expect((await adapters.settings.stored(NOW)).get('PASSWORD_MIN_LENGTH')).toBe('129');
  });

  it('are recorded, an event for each change', async () => {
    const audit = administering(boss.id);
    expect(await adapters.settingEvents.record([LONGER, CLOSED], audit)).toBe('recorded');
    const event = { ...CLIENT, at: NOW, action: 'setting.changed', actorId: boss.id, accountId: null };
    expect((await events()).map(({ id: __, ...recorded }) => recorded)).toEqual([
      { ...event, detail: { setting: 'REGISTRATION_OPEN', from: true, to: false } },
      { ...event, detail: { setting: 'PASSWORD_MIN_LENGTH', from: 6, to: 12 } },
    ]);
    await adapters.settingEvents.recordUndone([LONGER], audit);
    expect((await events())[0]).toMatchObject({
      ...event,
      detail: { setting: 'PASSWORD_MIN_LENGTH', from: 12, to: 6 },
    });
  });

  it('are not recorded for an authority that has ended', async () => {
    const ann = await newAccount(adapters);
    const gone = administering(boss.id, { sessionId: crypto.randomUUID() });
    for (const [audit, refused] of [
      [administering(ann.id), 'forbidden'],
      [gone, 'token_revoked'],
    ] as const)
      expect(await adapters.settingEvents.record([LONGER], audit)).toMatchObject({ refused });
    expect(await events()).toEqual([]);
  });
});
