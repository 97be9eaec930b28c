// Presets on a page: every setting that one would change is shown before it is applied.
import type { Child, FC } from 'hono/jsx';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { changeSettings, inForce, type StoredSettings } from '../../domain/settings/change.ts';
import { PRESETS, type Preset, valuesOf } from '../../domain/settings/presets.ts';
import { SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import type { Api } from '../context.ts';
import { ask } from './ask.tsx';
import { describeValue } from './duration.ts';
import { type Call, pagesIn } from './pages.ts';
import { titleOf } from './setting-row.tsx';

const WORDS: Readonly<Record<Preset, string>> = {
  recommended: 'what a new service should use',
  compatible: 'what older clients expect: the default of each',
};

/** The settings that a preset would change, with both values. */
const differences = (preset: Preset, stored: StoredSettings) =>
  Object.entries(valuesOf(preset)).flatMap(([name, value]) => {
    const key = name as SettingKey; // every key of a preset is a setting
    const [from, to] = [inForce(key, stored.get(key) ?? null), value ?? SETTINGS[key].default];
    return from === to ? [] : [{ key, from, to }];
  });

/** Why a preset was not applied, in words for its page. */
const FAILURES: Readonly<Record<string, string>> = {
  setting_needs_mail: 'Email verification needs mail, and none is configured: see docs/operations.md.',
  enrollment_before_setting:
    'It asks admins for a second factor. Add one to your own account and sign in with it first, so that you do not ' +
    'lock yourself out.',
};

export function presetPages(api: Api): void {
  const { get, post } = pagesIn(api);
  const path = '/admin/settings/presets/:preset';
  const presetOf = ({ c }: Call) => PRESETS.find((known) => known === c.req.param('preset'));

  get(path, async (call) => {
    const preset = presetOf(call);
    return preset ? show(call, preset) : refuse('not_found');
  });

  post(path, async (call) => {
    const preset = presetOf(call);
    if (!preset) return refuse('not_found');
    const changed = await changeSettings(call.ports, valuesOf(preset), call.audit);
    if (!isRefusal(changed)) return call.c.redirect('/admin/settings', 303);
    const failure = FAILURES[changed.refused];
    return failure ? show(call, preset, failure) : changed;
  });
}

async function show(call: Call, preset: Preset, failure?: string) {
  const changes = differences(preset, await call.ports.settings.stored(call.audit.now));
  return ask(call, {
    title: `Apply the preset “${preset}”?`,
    section: 'Settings',
    consequence: <Changes preset={preset} changes={changes} />,
    button: 'Apply the preset',
    danger: false,
    back: '/admin/settings',
    ...(failure === undefined ? {} : { failure }),
  });
}

const Changes: FC<{ preset: Preset; changes: ReturnType<typeof differences> }> = ({ preset, changes }): Child => (
  <>
    It sets {WORDS[preset]}. {changes.length === 0 && 'Nothing would change: these values are in force already.'}
    <dl class="facts wide">
      {changes.map(({ key, from, to }) => (
        <>
          <dt>{titleOf(key)}</dt>
          <dd>
            {describeValue(key, from)} → <strong>{describeValue(key, to)}</strong>
          </dd>
        </>
      ))}
    </dl>
  </>
);

/** Links to the presets, each with the number of settings that it would change. */
export const PresetLinks: FC<{ stored: StoredSettings }> = ({ stored }) => (
  <ul>
    {PRESETS.map((preset) => {
      const count = differences(preset, stored).length;
      return (
        <li>
          <a href={`/admin/settings/presets/${preset}`}>{preset}</a>: {WORDS[preset]};{' '}
          {count === 0 ? 'in force' : `would change ${count} ${count === 1 ? 'setting' : 'settings'}`}
        </li>
      );
    })}
  </ul>
);
