// The bodies of the Envelope API: schemas of requests, and views that name every field of a response.
import { z } from '@hono/zod-openapi';
import type { Account } from '../../domain/accounts/account.ts';
import { type Infer, once } from '../once.ts';
import {
  clearableUsernameField,
  emailField,
  newPasswordField,
  otpField,
  passwordField,
  timestamp,
  timestampField,
} from '../shapes/fields.ts';

export const RegisterBody = once(() =>
  z.object({
    username: clearableUsernameField().optional(),
    email: emailField(),
    password: newPasswordField(),
  }),
);

export const LoginBody = once(() =>
  z.object({
    email: z.string().openapi({ example: 'user@example.com' }),
    password: passwordField(),
    otp: otpField(),
  }),
);

/** A success with nothing but a message. */
export const messageBody = <M extends string>(message: M) =>
  z.object({ status: z.literal('success'), message: z.literal(message) });
export const messageView = <M extends string>(message: M): z.infer<ReturnType<typeof messageBody<M>>> => ({
  status: 'success',
  message,
});

export const tokenBody = <M extends string>(message: M) => messageBody(message).extend({ auth_token: z.string() });
export const tokenView = <M extends string>(message: M, token: string): z.infer<ReturnType<typeof tokenBody<M>>> => ({
  ...messageView(message),
  auth_token: token,
});

export const AccountBody = once(() =>
  z
    .object({
      status: z.literal('success'),
      data: z.object({
        id: z.int(),
        username: z.string(),
        email: z.string(),
        active: z.boolean(),
        created_at: timestampField(),
      }),
    })
    .openapi('EnvelopeAccount'),
);

/** A name that is not set is "". */
export const accountView = ({ id, username, email, active, createdAt }: Account): Infer<typeof AccountBody> => ({
  status: 'success',
  data: { id, username: username ?? '', email: email ?? '', active, created_at: timestamp(createdAt) },
});
