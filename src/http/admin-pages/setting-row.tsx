// One setting as a person reads it: what it does, what it is, what it may be, and a way back to the default.
import type { FC } from 'hono/jsx';
import { inForce } from '../../domain/settings/change.ts';
import { parseSetting, SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import { Badge, Choice } from './components.tsx';
import { reading } from './duration.ts';
import { type Field, isTouched, shownFor } from './settings-form.ts';

/** `ACCESS_TOKEN_LIFETIME` as a title: "Access token lifetime". */
export const titleOf = (key: SettingKey): string => {
  const words = key.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const isBroken = ({ key, text }: Field): boolean => text !== null && parseSetting(SETTINGS[key], text) === undefined;

export const SettingRow: FC<{ field: Field }> = ({ field }) => {
  const { key, text, typed, error, conflict } = field;
  const { default: usual, description } = SETTINGS[key];
  const value = inForce(key, text);
  const broken = isBroken(field);
  return (
    <section class={`setting${error || conflict || broken ? ' troubled' : ''}`}>
      <div class="about">
        <label for={key}>{titleOf(key)}</label> <State field={field} />
        <p id={`${key}-about`}>{description}</p>
        <code>{key}</code>
      </div>
      <div class="value">
        <input type="hidden" name={`was.${key}`} value={shownFor(key, text)} />
        <Input field={field} />
        {error && (
          <p class="error" id={`${key}-error`}>
            {error} {reading(key, value)} is still in force.
          </p>
        )}
        {conflict && (
          <p class="error" id={`${key}-error`}>
            It is {reading(key, value)} now, which somebody else chose while you were editing. You typed {typed}.
          </p>
        )}
        {broken && !error && (
          <p class="error" id={`${key}-error`}>
            Stored as “{shownFor(key, text)}”, which is not valid. The default is in force: {reading(key, usual)}.
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

/** In words, with the number beside it where it is another. */
const Value: FC<{ of: SettingKey; value: number | boolean }> = ({ of: key, value }) => (
  <>
    {reading(key, value)}
    {SETTINGS[key].unit === 'seconds' && Number(value) >= 60 && (
      <span class="fine"> ({value.toLocaleString('en')})</span>
    )}
  </>
);

const Range: FC<{ of: SettingKey }> = ({ of: key }) => {
  const { min, max, unit } = SETTINGS[key];
  if (min === null) return null;
  return (
    <>
      <dt>Range</dt>
      <dd>
        {min.toLocaleString('en')} to {max.toLocaleString('en')}
        {unit === 'seconds' && max > 60 && <small class="line">up to {reading(key, max)}</small>}
      </dd>
    </>
  );
};

const ON_OFF = [
  ['true', 'On'],
  ['false', 'Off'],
] as const;

const Input: FC<{ field: Field }> = ({ field: { key, text, typed, error, conflict } }) => {
  const { unit } = SETTINGS[key];
  const invalid = error || conflict ? true : undefined;
  const troubled = invalid ?? (text !== null && parseSetting(SETTINGS[key], text) === undefined);
  const describedBy = `${key}-about${troubled ? ` ${key}-error` : ''}`;
  if (unit === null) {
    const options = ON_OFF.some(([option]) => option === typed)
      ? ON_OFF
      : [[typed, `“${typed}”, not valid`] as const, ...ON_OFF];
    return <Choice id={key} name={key} value={typed} options={options} describedBy={describedBy} invalid={invalid} />;
  }
  const value = parseSetting(SETTINGS[key], typed);
  return (
    <span class="measured">
      <input
        id={key}
        name={key}
        value={typed}
        inputmode="numeric"
        autocomplete="off"
        aria-describedby={describedBy}
        aria-invalid={invalid && 'true'}
      />
      <span class="unit">{unit}</span>
      {unit === 'seconds' && (
        <output for={key} data-duration="">
          {typeof value === 'number' ? `= ${reading(key, value)}` : ''}
        </output>
      )}
    </span>
  );
};
