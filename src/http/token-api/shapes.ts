// The bodies of the Token API: schemas of requests, and views that name every field of a response.
import { z } from '@hono/zod-openapi';
import type { Account } from '../../domain/accounts/account.ts';
import { type Infer, once } from '../once.ts';
import {
  clearableEmailField,
  clearableUsernameField,
  emailField,
  identifierFields,
  newPasswordField,
  otpField,
  passwordField,
} from '../shapes/fields.ts';

export const RegisterBody = once(() =>
  z.object({
    email: emailField(),
    password: newPasswordField(),
    username: clearableUsernameField().optional(),
  }),
);

export const LoginBody = once(() =>
  z
    .object({ ...identifierFields(), password: passwordField(), otp: otpField() })
    .refine(({ email, username }) => email !== undefined || username !== undefined, {
      path: ['email'],
      message: 'an email or a username is required',
    })
    .transform(({ email, username = '', password, otp }) => ({
      identifier: email === undefined ? { username } : { email },
      password,
      otp,
    })),
);

export const RefreshTokenBody = once(() =>
  z.object({
    refresh_token: z.string().openapi({ example: '0d6ac2b4-6f25-4d43-9f3e-6a2f9a3f1c55' }),
  }),
);

export const NamesBody = once(() =>
  z.object({
    username: clearableUsernameField().optional(),
    email: clearableEmailField().optional(),
  }),
);

export const PasswordBody = once(() =>
  z.object({
    current_password: passwordField(),
    new_password: newPasswordField(),
    end_all: z.boolean().optional().openapi({
      description: 'True ends the session of the token you send as well, with every copy of it.',
      default: false,
    }),
  }),
);

export const RegisteredBody = once(() => z.object({ id: z.int(), email: z.string() }).openapi('Registered'));
export const registeredView = ({ id, email }: Account): Infer<typeof RegisteredBody> => ({ id, email: email ?? '' });

export const LoggedOutBody = once(() => z.object({ success: z.literal('User logged out.') }).openapi('LoggedOut'));

export const MeBody = once(() => z.object({ id: z.int(), username: z.string(), email: z.string() }).openapi('Me'));
export const meView = ({ id, username, email }: Account): Infer<typeof MeBody> => ({
  id,
  username: username ?? '',
  email: email ?? '',
});
