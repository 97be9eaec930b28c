// The bodies of the Session API: the known fields are taken out, and what is left is the account's own data.
import { z } from '@hono/zod-openapi';
import { type Account, type AccountData, RESERVED_KEYS } from '../../domain/accounts/account.ts';
import { isJsonObject, validateJsonObject } from '../../domain/json-object.ts';
import type { SessionToken } from '../../domain/sessions/issue.ts';
import { type Infer, once } from '../once.ts';
import { NO_BODY } from '../operation/body.ts';
import { clearableEmailField, newPasswordField, otpField, passwordField, usernameField } from '../shapes/fields.ts';

/** Takes the known fields out of a body. Rest syntax copies the others key by key, so a `__proto__` stays a key. */
function takeApart(body: unknown, context: z.core.$RefinementCtx) {
  if (!isJsonObject(body)) {
    context.addIssue({ code: 'custom', message: 'must be an object' });
    return z.NEVER;
  }
  for (const key of RESERVED_KEYS)
    if (Object.hasOwn(body, key)) context.addIssue({ code: 'custom', path: [key], message: 'cannot be set' });
  const { username, password, email, ...data } = body;
  const message = validateJsonObject(data);
  if (message) context.addIssue({ code: 'custom', message });
  return { username, password, email, data };
}

const data = once(() => z.custom<AccountData>());
const refused = Object.fromEntries(RESERVED_KEYS.map((key) => [key, { not: {} }]));
const documentedEmail: { type: ('string' | 'null')[]; description: string } = {
  type: ['string', 'null'],
  description: 'The email of the account; "" or null clears it.',
};

export const SignUpBody = once(() =>
  z
    .preprocess(
      takeApart,
      z.object({
        username: usernameField(),
        password: newPasswordField(),
        email: clearableEmailField().optional(),
        data: data(),
      }),
    )
    .openapi({
      type: 'object',
      required: ['username', 'password'],
      properties: {
        username: { type: 'string' },
        password: { type: 'string', format: 'password' },
        email: documentedEmail,
        ...refused,
      },
      additionalProperties: true,
    }),
);

/** The same, but an empty body is refused: a PUT that lost its body would clear the data. */
function takeApartRequired(body: unknown, context: z.core.$RefinementCtx) {
  if (body === NO_BODY) context.addIssue({ code: 'custom', message: 'a body is required' });
  return takeApart(body, context);
}

export const ProfileBody = once(() =>
  z
    .preprocess(takeApartRequired, z.object({ email: clearableEmailField().optional(), data: data() }))
    .openapi({ type: 'object', properties: { email: documentedEmail, ...refused }, additionalProperties: true }),
);

export const LogInBody = once(() => z.object({ username: z.string(), password: passwordField(), otp: otpField() }));

export const HelloBody = once(() => z.object({ message: z.literal('Hello World') }).openapi('Hello'));

export const UserBody = once(() =>
  z
    .looseObject({ username: z.string(), email: z.string().optional() })
    .openapi('User', { description: "The username, the email where there is one, and the account's own data." }),
);

export const userView = ({ username, email, data }: Account): Infer<typeof UserBody> => ({
  username: username ?? '',
  ...(email === null ? {} : { email }),
  ...data,
});

export const TokenBody = once(() =>
  z
    .object({
      token: z.string(),
      token_type: z.literal('Bearer'),
      expires_in: z.int().openapi({ description: 'Seconds until the token expires.' }),
    })
    .openapi('SessionToken'),
);

export const tokenView = ({ token, expiresInSeconds }: SessionToken): Infer<typeof TokenBody> => ({
  token,
  token_type: 'Bearer',
  expires_in: expiresInSeconds,
});
