// The fields and forms that pages under /id share: usernames, passwords, codes, and a button in a table's row.
import type { FC } from 'hono/jsx';
import { FormToken, Labelled } from '../pages/components.tsx';

/** A code of the authenticator app, or a recovery code. */
export const CodeField: FC<{ hint: string; autofocus?: true }> = ({ hint, autofocus }) => (
  <Labelled id="otp" label="Code" hint={hint}>
    <input
      id="otp"
      name="otp"
      autocomplete="one-time-code"
      autocapitalize="none"
      spellcheck={false}
      aria-describedby="otp-hint"
      required
      autofocus={autofocus}
    />
  </Labelled>
);

interface UsernameFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly invalid?: 'true' | undefined;
}

export const UsernameField: FC<UsernameFieldProps> = ({ label, value, hint, invalid }) => (
  <Labelled id="username" label={label} {...(hint === undefined ? {} : { hint })}>
    <input
      id="username"
      name="username"
      value={value}
      autocomplete="username"
      autocapitalize="none"
      spellcheck={false}
      aria-describedby={hint && 'username-hint'}
      aria-invalid={invalid}
    />
  </Labelled>
);

interface PasswordFieldProps {
  readonly id: string;
  readonly label: string;
  readonly autofocus?: boolean | undefined;
}

export const CurrentPasswordField: FC<PasswordFieldProps> = ({ id, label, autofocus }) => (
  <Labelled id={id} label={label}>
    <input id={id} name={id} type="password" autocomplete="current-password" required autofocus={autofocus} />
  </Labelled>
);

interface NewPasswordFieldProps extends PasswordFieldProps {
  readonly minimum: number;
  /** A sentence on the consequence of setting it. */
  readonly consequence?: string;
  readonly invalid?: 'true' | undefined;
}

export const NewPasswordField: FC<NewPasswordFieldProps> = ({
  id,
  label,
  minimum,
  consequence = '',
  invalid,
  autofocus,
}) => (
  <Labelled id={id} label={label} hint={`At least ${minimum} characters.${consequence && ` ${consequence}`}`}>
    <input
      id={id}
      name={id}
      type="password"
      autocomplete="new-password"
      required
      aria-describedby={`${id}-hint`}
      aria-invalid={invalid}
      autofocus={autofocus}
    />
  </Labelled>
);

interface RowButtonProps {
  readonly action: string;
  readonly token: string;
  readonly name: string;
  readonly value: string;
  readonly words: string;
  /** Names the row for screen readers. */
  readonly label: string;
}

/** A form of one button that acts on the row of a table. */
export const RowButton: FC<RowButtonProps> = ({ action, token, name, value, words, label }) => (
  <form method="post" action={action}>
    <FormToken token={token} />
    <button type="submit" name={name} value={value} class="quiet" aria-label={label}>
      {words}
    </button>
  </form>
);
