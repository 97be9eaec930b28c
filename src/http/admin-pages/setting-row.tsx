// One setting as people read it: its description, value, range, and a button back to the default.
import type { FC } from 'hono/jsx';
import { inForce } from '../../domain/settings/change.ts';
import type { SettingValue } from '../../domain/settings/kinds.ts';
import { definitionOf, SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import { Badge } from '../pages/components.tsx';
import { describeValue } from './duration.ts';
import { SettingInput } from './setting-input.tsx';
import { type Field, isBroken, isTouched, shownFor } from './settings-form.ts';

/** `ACCESS_TOKEN_LIFETIME` as a title: "Access token lifetime". */
export const titleOf = (key: SettingKey): string => {
  const words = key
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\burl$/, 'URL');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const SettingRow: FC<{ field: Field }> = ({ field }) => {
  const { key, text, typed, error, conflict } = field;
  const { default: usual, description } = SETTINGS[key];
  const value = inForce(key, text);
  const broken = isBroken(field);
  return (
    <section class={`setting${error || conflict || broken ? ' invalid' : ''}`}>
      <div class="about">
        <label for={key}>{titleOf(key)}</label> <State field={field} />
        <p id={`${key}-about`}>{description}</p>
        <code>{key}</code>
      </div>
      <div class="value">
        <input type="hidden" name={`was.${key}`} value={shownFor(key, text)} />
        <SettingInput field={field} />
        {error && (
          <p class="error" id={`${key}-error`}>
            {error} {describeValue(key, value)} is still in force.
          </p>
        )}
        {conflict && (
          <p class="error" id={`${key}-error`}>
            Somebody else changed it to {describeValue(key, value)} while you were editing. You typed {typed}.
          </p>
        )}
        {broken && !error && (
          <p class="error" id={`${key}-error`}>
            Stored as “{shownFor(key, text)}”, which is not valid. The default is in force: {describeValue(key, usual)}.
          </p>
        )}
      </div>
      <dl class="facts">
        <dt>In force</dt>
        <dd>
          <Value of={key} value={value} />
        </dd>
        <dt>Default</dt>
        <dd>
          <Value of={key} value={usual} />
        </dd>
        <Range of={key} />
      </dl>
      <div class="back">
        {text !== null && (
          <button type="submit" name="reset" value={key} class="quiet" aria-label={`Reset to default: ${titleOf(key)}`}>
            Reset to default
          </button>
        )}
      </div>
    </section>
  );
};

const State: FC<{ field: Field }> = ({ field }) => {
  if (isBroken(field)) return <Badge tone="bad">Not valid</Badge>;
  if (isTouched(field)) return <Badge tone="warn">Not saved</Badge>;
  return inForce(field.key, field.text) === SETTINGS[field.key].default ? (
    <Badge>Default</Badge>
  ) : (
    <Badge tone="good">Modified</Badge>
  );
};

/** A value in words, and as a number where that differs. */
const Value: FC<{ of: SettingKey; value: SettingValue }> = ({ of: key, value }) => (
  <>
    {describeValue(key, value)}
    {isSeconds(key) && Number(value) >= 60 && <span class="fine"> ({value.toLocaleString('en')})</span>}
  </>
);

const isSeconds = (key: SettingKey): boolean => {
  const definition = definitionOf(key);
  return definition.kind === 'number' && definition.unit === 'seconds';
};

const Range: FC<{ of: SettingKey }> = ({ of: key }) => {
  const definition = definitionOf(key);
  if (definition.kind !== 'number') return null;
  const { min, max, unit } = definition;
  return (
    <>
      <dt>Range</dt>
      <dd>
        {min.toLocaleString('en')} to {max.toLocaleString('en')}
        {unit === 'seconds' && max > 60 && <small class="line">up to {describeValue(key, max)}</small>}
      </dd>
    </>
  );
};
