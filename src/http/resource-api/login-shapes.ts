// The bodies of /token: JSON and form requests, and the token response.
import { z } from '@hono/zod-openapi';
import type { SessionToken } from '../../domain/sessions/issue.ts';
import type { Credentials } from '../../domain/sign-in/sign-in.ts';
import { type Infer, once } from '../once.ts';
import { identifierFields, otpField, passwordField } from '../shapes/fields.ts';

/** Credentials, or a form with another grant type. */
type TokenRequest = Credentials | 'another grant';

export const CredentialsBody = once(() =>
  z
    .object({ ...identifierFields(), password: passwordField(), otp: otpField() })
    .refine(({ email, username }) => email !== undefined || username !== undefined, {
      path: ['email'],
      message: 'an email or a username is required',
    })
    .transform(
      ({ email, username = '', password, otp }): TokenRequest => ({
        identifier: email === undefined ? { username } : { email },
        password,
        otp,
      }),
    ),
);

// RFC 6749 §3.2: a parameter without a value counts as omitted.
const parameter = once(() =>
  z
    .string()
    .optional()
    .transform((value) => value || undefined),
);

export const PasswordGrantForm = once(() =>
  z
    .object({ grant_type: parameter(), username: parameter(), password: parameter(), otp: parameter() })
    .transform(({ grant_type: grant, username, password, otp }, context): TokenRequest => {
      if (grant !== undefined && grant !== 'password') return 'another grant';
      for (const [name, value] of Object.entries({ grant_type: grant, username, password })) {
        if (value === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is required' });
      }
      if (username === undefined || password === undefined) return z.NEVER;
      // No username has an @ in it, and every email has one.
      return { identifier: username.includes('@') ? { email: username } : { username }, password, otp };
    })
    .openapi({
      type: 'object',
      required: ['grant_type', 'username', 'password'],
      properties: {
        grant_type: { type: 'string', enum: ['password'] },
        username: { type: 'string', description: 'An email or a username.' },
        password: { type: 'string', format: 'password' },
        otp: { type: 'string', description: 'A code of the authenticator app, or a recovery code.' },
      },
    }),
);

export const AccessTokenBody = once(() =>
  z
    .object({
      access_token: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int().openapi({ description: 'Seconds until the token expires.' }),
    })
    .openapi('AccessToken'),
);

export const accessTokenView = ({ token, expiresInSeconds }: SessionToken): Infer<typeof AccessTokenBody> => ({
  access_token: token,
  token_type: 'Bearer',
  expires_in: expiresInSeconds,
});
