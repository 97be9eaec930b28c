// The fields of a client's form that are more than an input, and the errors below them.
import type { Child, FC } from 'hono/jsx';
import { Labelled } from '../pages/components.tsx';

export const describedBy = (id: string, errors: readonly string[] | undefined): string =>
  errors ? `${id}-hint ${id}-error` : `${id}-hint`;

export const Errors: FC<{ of: string; errors: readonly string[] | undefined }> = ({ of: id, errors }) =>
  errors ? (
    <p class="error" id={`${id}-error`}>
      {errors.join(' ')}
    </p>
  ) : null;

interface UrisProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly uris: readonly string[];
  readonly errors: readonly string[] | undefined;
}

export const Uris: FC<UrisProps> = ({ id, label, hint, uris, errors }) => (
  <Labelled id={id} label={label} hint={hint}>
    <textarea
      id={id}
      name={id}
      rows={3}
      aria-describedby={describedBy(id, errors)}
      aria-invalid={errors && 'true'}
      spellcheck={false}
    >
      {uris.join('\n')}
    </textarea>
    <Errors of={id} errors={errors} />
  </Labelled>
);

export const Check: FC<{ name: string; label: string; isOn: boolean; children?: Child }> = ({
  name,
  label,
  isOn,
  children,
}) => (
  <label class="check">
    <input type="checkbox" name={name} checked={isOn} />
    <span>
      {label}
      {children}
    </span>
  </label>
);
