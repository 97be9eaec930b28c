// The fields that several contracts take, as zod sees them; what they mean stands in the domain.
import { z } from '@hono/zod-openapi';
import { parseEmail, parseUsername } from '../../domain/accounts/account.ts';
import { PASSWORD_MAX_LENGTH, passwordLength } from '../../domain/passwords/hash.ts';

const EMAIL_WORDS = 'must be an email address of at most 254 characters';
const USERNAME_WORDS = 'must be 1 to 150 printable characters without @ and /';

/** A string that a domain function takes or leaves. */
const parsed = (parse: (text: string) => string | undefined, message: string) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value === undefined) context.addIssue({ code: 'custom', message });
    return value ?? z.NEVER;
  });

/** The same, where `""` and `null` mean none. */
const clearable = (parse: (text: string) => string | undefined, message: string) =>
  z
    .string()
    .nullable()
    .transform((text, context) => {
      if (text === null || text.trim() === '') return null;
      const value = parse(text);
      if (value === undefined) context.addIssue({ code: 'custom', message });
      return value ?? z.NEVER;
    });

export const emailField = parsed(parseEmail, EMAIL_WORDS).openapi({ type: 'string', format: 'email', maxLength: 254 });
export const usernameField = parsed(parseUsername, USERNAME_WORDS).openapi({
  type: 'string',
  minLength: 1,
  maxLength: 150,
});
export const clearableEmailField = clearable(parseEmail, EMAIL_WORDS).openapi({
  type: ['string', 'null'],
  description: '"" or null clears it.',
});
export const clearableUsernameField = clearable(parseUsername, USERNAME_WORDS).openapi({
  type: ['string', 'null'],
  maxLength: 150,
  description: '"" or null clears it.',
});

/** A password that is about to be kept; its least length is a setting, and told after a name that is taken. */
export const newPasswordField = z
  .string()
  .refine((password) => password.isWellFormed(), 'must be well-formed Unicode')
  .refine(
    (password) => passwordLength(password) <= PASSWORD_MAX_LENGTH,
    `must be at most ${PASSWORD_MAX_LENGTH} characters`,
  )
  .openapi({ type: 'string', format: 'password', minLength: 1, maxLength: PASSWORD_MAX_LENGTH });

/** A password that is compared: whatever it is, it is right or wrong, never invalid. */
export const passwordField = z.string().openapi({ format: 'password' });

/** How an account is named at login, by email or by username. */
export const identifierFields = {
  email: z
    .string()
    .optional()
    .openapi({ description: 'The email, or else the username.', example: 'user@example.com' }),
  username: z.string().optional(),
};

export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();
export const timestampField = z.iso.datetime().openapi({ example: '2026-11-20T21:00:00.000Z' });
