// The bodies of email verification and password recovery.
import { z } from '@hono/zod-openapi';
import { emailField, newPasswordField } from '../shapes/fields.ts';

const tokenField = z.string().openapi({ description: 'The `token` of the mailed link.' });

export const LinkBody = z.object({ token: tokenField });
export const ForgotBody = z.object({ email: emailField });
export const ResetBody = z.object({ token: tokenField, password: newPasswordField });

/** Empty: the outcome is mailed. */
export const AcceptedBody = z.object({}).openapi('Accepted');

export const EmailBody = z.object({ email: z.string() }).openapi('Email');
