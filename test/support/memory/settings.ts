// Settings in memory, with the events that decide whether they change.
import { type ChangeableSettings, inForce, type SettingEvents } from '../../../src/domain/settings/change.ts';
import { SETTING_KEYS, settingsOf } from '../../../src/domain/settings/settings.ts';
import { record } from './audit-trail.ts';
import { refuseEnded } from './conditions.ts';
import type { State } from './state.ts';

export const settingsIn = (state: State): ChangeableSettings => ({
  current: async () => settingsOf((key) => inForce(key, state.settings.get(key) ?? null)),
  stored: async () => new Map(SETTING_KEYS.map((key) => [key, state.settings.get(key) ?? null])),

  async write(changes) {
    for (const { key, text } of changes) {
      if (text === null) state.settings.delete(key);
      else state.settings.set(key, text);
    }
  },
});

export const settingEventsIn = (state: State): SettingEvents => ({
  async record(changes, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    for (const { key, from, to } of changes) record(state, 'setting.changed', null, audit, { setting: key, from, to });
    return 'recorded';
  },

  async recordUndone(changes, audit) {
    for (const { key, from, to } of changes)
      record(state, 'setting.changed', null, audit, { setting: key, from: to, to: from });
  },
});
