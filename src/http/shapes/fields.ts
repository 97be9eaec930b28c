// Fields that several contracts take, as zod schemas. The domain decides what is valid.
import { z } from '@hono/zod-openapi';
import { parseEmail, parseUsername, type UsernameFault, usernameFault } from '../../domain/accounts/names.ts';
import { PASSWORD_MAX_LENGTH, passwordLength } from '../../domain/passwords/policy.ts';
import { once } from '../once.ts';

const NOT_AN_EMAIL = 'must be an email address of at most 254 characters';
const NOT_A_USERNAME: Readonly<Record<UsernameFault, string>> = {
  unprintable: 'must be 1 to 150 printable characters without @ and /',
  invisible: 'must not have characters that are invisible or blank',
  mixed_scripts: 'must not mix Latin letters with Cyrillic or Greek ones',
};

/** Returns a text as it is stored, or undefined for one that is not a name of its kind. */
type Parse = (text: string) => string | undefined;
/** Why `Parse` refuses a text. */
type MessageOf = (text: string) => string;

const emailMessage: MessageOf = () => NOT_AN_EMAIL;
const usernameMessage: MessageOf = (text) => NOT_A_USERNAME[usernameFault(text) ?? 'unprintable'];

/** A string that the parser accepts. */
const parsed = (parse: Parse, messageOf: MessageOf) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value === undefined) context.addIssue({ code: 'custom', message: messageOf(text) });
    return value ?? z.NEVER;
  });

/** The same, or `""` or `null` for none. */
const clearable = (parse: Parse, messageOf: MessageOf) =>
  z
    .string()
    .nullable()
    .transform((text, context) => {
      if (text === null || text.trim() === '') return null;
      const value = parse(text);
      if (value === undefined) context.addIssue({ code: 'custom', message: messageOf(text) });
      return value ?? z.NEVER;
    });

export const emailField = once(() =>
  parsed(parseEmail, emailMessage).openapi({
    type: 'string',
    format: 'email',
    maxLength: 254,
  }),
);
const USERNAMES = 'Nothing in it is invisible, and Latin letters stand beside no Cyrillic or Greek ones.';
export const usernameField = once(() =>
  parsed(parseUsername, usernameMessage).openapi({
    type: 'string',
    minLength: 1,
    maxLength: 150,
    description: USERNAMES,
  }),
);
export const clearableEmailField = once(() =>
  clearable(parseEmail, emailMessage).openapi({
    type: ['string', 'null'],
    description: '"" or null clears it.',
  }),
);
export const clearableUsernameField = once(() =>
  clearable(parseUsername, usernameMessage).openapi({
    type: ['string', 'null'],
    maxLength: 150,
    description: `"" or null clears it. ${USERNAMES}`,
  }),
);

/** A new password. Its minimum length is a setting, checked after uniqueness. */
export const newPasswordField = once(() =>
  z
    .string()
    .refine((password) => password.isWellFormed(), 'must be well-formed Unicode')
    .refine(
      (password) => passwordLength(password) <= PASSWORD_MAX_LENGTH,
      `must be at most ${PASSWORD_MAX_LENGTH} characters`,
    )
    .openapi({ type: 'string', format: 'password', minLength: 1, maxLength: PASSWORD_MAX_LENGTH }),
);

/** A password to compare: any string is right or wrong, and never invalid. */
export const passwordField = once(() => z.string().openapi({ format: 'password' }));

/** The second factor beside a password. `null` and "" are none, as clients with an empty field send them. */
export const otpField = once(() =>
  z
    .string()
    .nullish()
    .transform((otp) => otp || undefined)
    .openapi({
      type: ['string', 'null'],
      description: 'A code of the authenticator app, or a recovery code, where the account has them. `""` is none.',
      example: '492039',
    }),
);

/** The identifier of an account at login: its email or its username. */
export const identifierFields = once(() => ({
  email: z
    .string()
    .optional()
    .openapi({ description: 'The email, or else the username.', example: 'user@example.com' }),
  username: z.string().optional(),
}));

export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();
export const timestampField = once(() => z.iso.datetime().openapi({ example: '2026-11-20T21:00:00.000Z' }));
