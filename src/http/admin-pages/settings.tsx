// The settings page: every setting with its default, range and state; saving, resetting, and conflicts.
import type { FC } from 'hono/jsx';
import { isRefusal } from '../../domain/refusal.ts';
import {
  type ChangeRefusal,
  changeSettings,
  type SettingChange,
  type WantedSettings,
} from '../../domain/settings/change.ts';
import { SETTING_KEYS, type SettingKey } from '../../domain/settings/settings.ts';
import type { Api } from '../context.ts';
import { FormToken, Notice } from '../pages/components.tsx';
import { describeValue } from './duration.ts';
import { EventTable, type NamedEvents, namedEvents } from './events.tsx';
import { respondPage } from './layout.tsx';
import { type Call, pagesIn } from './pages.ts';
import { PresetLinks } from './presets.tsx';
import { SettingRow, titleOf } from './setting-row.tsx';
import { type Field, freshFields, sentFields, wantedOf } from './settings-form.ts';

const HISTORY = 8;

export function settingsPages(api: Api): void {
  const { get, post } = pagesIn(api);

  get('/admin/settings', async (call) =>
    showSettings(call, freshFields(await call.ports.settings.stored(call.audit.now))),
  );

  post('/admin/settings', async (call) => {
    const { form, ports, audit } = call;
    const reset = SETTING_KEYS.find((key) => key === form.reset);
    const fields = sentFields(await ports.settings.stored(audit.now), form);
    if (reset) return afterwards(call, await changeSettings(ports, { [reset]: null }, audit), reset);
    if (fields.some(({ error, conflict }) => error ?? conflict)) return showSettings(call, fields);
    // Each value was parsed for its own setting.
    return afterwards(call, await changeSettings(ports, wantedOf(fields) as WantedSettings, audit));
  });
}

/** The page after a change. Other input beside a reset stays in the form, unsaved. */
async function afterwards(
  call: Call & { readonly form: Readonly<Record<string, string | undefined>> },
  changes: readonly SettingChange[] | ChangeRefusal,
  reset?: SettingKey,
) {
  if (isRefusal(changes)) return changes;
  const stored = await call.ports.settings.stored(call.audit.now);
  const others = reset ? sentFields(stored, { ...call.form, [reset]: undefined }) : freshFields(stored);
  return showSettings(call, others, changes);
}

async function showSettings(call: Call, fields: readonly Field[], changes?: readonly SettingChange[]) {
  const trail = await call.ports.auditTrail.page({ action: 'setting.changed' }, undefined, HISTORY);
  const history = await namedEvents(call.ports, trail.items);
  const { c, signedIn } = call;
  return respondPage(
    c,
    { title: 'Settings', section: 'Settings', signedIn },
    <>
      <h1>Settings</h1>
      <p class="lead">
        A change is in force here at once, and everywhere within 60 seconds. Tokens issued before keep the lifetime they
        were given.
      </p>
      <Outcome fields={fields} changes={changes} />
      <form method="post" action="/admin/settings" class="settings">
        <FormToken token={signedIn.formToken} />
        {/* Enter presses the first button: it must save and not reset. */}
        <button type="submit" hidden>
          Save changes
        </button>
        {fields.map((field) => (
          <SettingRow field={field} />
        ))}
        <p class="actions">
          <button type="submit" class="primary">
            Save changes
          </button>
        </p>
      </form>
      <h2>Presets</h2>
      <PresetLinks stored={new Map(fields.map(({ key, text }) => [key, text]))} />
      <h2>Latest changes</h2>
      <History events={history} />
    </>,
  );
}

const Outcome: FC<{ fields: readonly Field[]; changes: readonly SettingChange[] | undefined }> = ({
  fields,
  changes,
}) => {
  const errors = fields.filter(({ error }) => error).length;
  const conflicts = fields.filter(({ conflict }) => conflict);
  if (errors + conflicts.length > 0)
    return (
      <Notice tone="bad">
        <strong>Nothing was saved.</strong>{' '}
        {conflicts.length > 0 &&
          `Somebody else changed ${conflicts.map(({ key }) => titleOf(key)).join(' and ')} while you were editing. ` +
            'Your input is still here: save again to replace their value. '}
        {errors > 0 && (errors === 1 ? 'One field is not valid.' : `${errors} fields are not valid.`)}
      </Notice>
    );
  if (!changes) return null;
  if (changes.length === 0) return <Notice tone="plain">Nothing to save: these values are already stored.</Notice>;
  return (
    <Notice tone="good">
      <strong>Saved.</strong> It takes effect everywhere within 60 seconds.
      <ul>
        {changes.map(({ key, from, to, text }) => (
          <li>
            {titleOf(key)}: {describeValue(key, from)} → {describeValue(key, to)}
            {text === null && ' (the default)'}
          </li>
        ))}
      </ul>
    </Notice>
  );
};

const History: FC<{ events: NamedEvents }> = ({ events }) =>
  events.events.length > 0 ? (
    <EventTable {...events} />
  ) : (
    <p class="none">No setting was changed in the last 90 days.</p>
  );
