// The text of each refusal on the sign-in pages.
import type { Refusal } from '../../domain/refusal.ts';
import type { LoginRefusal } from '../../domain/sign-in/sign-in.ts';

/** The refusals of a sign-in. */
export type SignInRefusal = LoginRefusal | Refusal<'too_many_requests' | 'invalid_passkey' | 'wrong_password'>;

const inTime = (seconds: number): string =>
  seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;

export function textOf(refusal: SignInRefusal): string {
  switch (refusal.refused) {
    case 'invalid_credentials':
      return 'No account has this name and password.';
    case 'wrong_password':
      return 'This is not your password.';
    case 'second_factor_required':
      return 'Enter a code of your authenticator app, or one of your recovery codes.';
    case 'invalid_second_factor':
      return 'The code is wrong, or was used before. Wait for the next one.';
    case 'invalid_passkey':
      return 'This passkey did not work, or it took too long. Try again, or use your password.';
    case 'account_disabled':
      return 'This account has been deactivated.';
    case 'email_not_verified':
      return 'Confirm your email address first: we have sent you a mail with a link.';
    case 'too_many_attempts':
      return `Too many wrong passwords or codes in a row. Try again in ${inTime(refusal.retryAfterSeconds)}.`;
    case 'too_many_requests':
      return `Too many attempts from your network. Try again in ${inTime(refusal.retryAfterSeconds)}.`;
  }
}
