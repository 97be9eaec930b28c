// The sign-up form, and the texts of its refusals.
import type { FC } from 'hono/jsx';
import type { RegistrationRefusal } from '../../domain/accounts/registration.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { Labelled, Notice } from '../pages/components.tsx';
import type { NamedField } from './field-texts.ts';
import { NewPasswordField, UsernameField } from './fields.tsx';

type ShownRefusal = RegistrationRefusal | Refusal<'too_many_requests'>;

export interface SignUpForm {
  readonly email?: string;
  readonly username?: string;
  readonly next: string;
  readonly error?: readonly [field: NamedField, message: string];
  readonly refusal?: ShownRefusal;
}

/** The field that a refusal is about. */
function errorOf(refusal: ShownRefusal): readonly [field: NamedField | undefined, message: string] {
  switch (refusal.refused) {
    case 'email_taken':
      return ['email', 'There is an account with this email. Sign in, or set a new password if you forgot yours.'];
    case 'username_taken':
      return ['username', 'Somebody has this username. Choose another.'];
    case 'identity_required':
      return ['email', 'Enter an email or a username.'];
    case 'password_too_short':
      return ['password', `The password is too short: it needs at least ${refusal.minimum} characters.`];
    case 'password_breached':
      return ['password', 'Others have used this password, and attackers try it first. Choose another.'];
    case 'registration_closed':
      return [undefined, 'Nobody can create an account here at the moment.'];
    case 'too_many_requests':
      return [undefined, 'Too many accounts were created from your network. Wait a few seconds and try again.'];
  }
}

export const SignUp: FC<SignUpForm & { minimum: number }> = ({
  email = '',
  username = '',
  next,
  minimum,
  ...wrong
}) => {
  const [field, message] = wrong.error ?? (wrong.refusal ? errorOf(wrong.refusal) : []);
  const isInvalid = (name: NamedField) => (field === name ? 'true' : undefined);
  return (
    <>
      {message && <Notice tone="bad">{message}</Notice>}
      <form method="post" action="/id/sign-up" class="stack">
        <input type="hidden" name="next" value={next} />
        <Labelled id="email" label="Email" hint="You need it to get back in if you forget your password.">
          <input
            id="email"
            name="email"
            type="email"
            value={email}
            autocomplete="email"
            aria-describedby="email-hint"
            aria-invalid={isInvalid('email')}
            autofocus
          />
        </Labelled>
        <UsernameField
          label="Username (optional)"
          value={username}
          hint="You can sign in with it as well."
          invalid={isInvalid('username')}
        />
        <NewPasswordField id="password" label="Password" minimum={minimum} invalid={isInvalid('password')} />
        <button type="submit" class="primary">
          Create the account
        </button>
      </form>
    </>
  );
};
