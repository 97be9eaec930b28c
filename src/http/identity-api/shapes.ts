// The bodies of email verification and password recovery.
import { z } from '@hono/zod-openapi';
import { once } from '../once.ts';
import { emailField, newPasswordField } from '../shapes/fields.ts';

const tokenField = once(() => z.string().openapi({ description: 'The `token` of the mailed link.' }));

export const LinkBody = once(() => z.object({ token: tokenField() }));
export const ForgotBody = once(() => z.object({ email: emailField() }));
export const ResetBody = once(() => z.object({ token: tokenField(), password: newPasswordField() }));

/** Empty: the outcome is mailed. */
export const AcceptedBody = once(() => z.object({}).openapi('Accepted'));

export const EmailBody = once(() => z.object({ email: z.string() }).openapi('Email'));
