// The input of one setting, by its kind.
import type { FC } from 'hono/jsx';
import { parseSetting, type SettingDefinition } from '../../domain/settings/kinds.ts';
import { definitionOf } from '../../domain/settings/settings.ts';
import { Choice } from '../pages/components.tsx';
import { describeValue } from './duration.ts';
import { type Field, isBroken } from './settings-form.ts';

const ON_OFF = [
  ['true', 'On'],
  ['false', 'Off'],
] as const;

export const SettingInput: FC<{ field: Field }> = ({ field }) => {
  const { key, typed, error, conflict } = field;
  const definition = definitionOf(key);
  const invalid = error || conflict ? true : undefined;
  const describedBy = `${key}-about${invalid || isBroken(field) ? ` ${key}-error` : ''}`;
  const choices =
    definition.kind === 'boolean' ? ON_OFF : definition.kind === 'choice' ? definition.choices : undefined;
  if (choices) {
    const isKnown = choices.some(([option]) => option === typed);
    const options = isKnown ? choices : [[typed, `“${typed}”, not valid`] as const, ...choices];
    return <Choice id={key} name={key} value={typed} options={options} describedBy={describedBy} invalid={invalid} />;
  }
  return <TextInput field={field} definition={definition} describedBy={describedBy} invalid={invalid} />;
};

interface TextInputProps {
  readonly field: Field;
  readonly definition: SettingDefinition;
  readonly describedBy: string;
  readonly invalid: true | undefined;
}

const TextInput: FC<TextInputProps> = ({ field: { key, typed }, definition, describedBy, invalid }) => {
  const unit = definition.kind === 'number' ? definition.unit : undefined;
  const value = parseSetting(definition, typed);
  return (
    <span class={unit ? 'measured' : 'wide'}>
      <input
        id={key}
        name={key}
        value={typed}
        inputmode={unit ? 'numeric' : undefined}
        autocomplete="off"
        aria-describedby={describedBy}
        aria-invalid={invalid && 'true'}
      />
      {unit && <span class="unit">{unit}</span>}
      {unit === 'seconds' && (
        <output for={key} data-duration="">
          {typeof value === 'number' ? `= ${describeValue(key, value)}` : ''}
        </output>
      )}
    </span>
  );
};
