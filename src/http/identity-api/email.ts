// Emails: asking for a verification link, verifying by it, and undoing a change by the link of its notice.
import { undoEmailChange } from '../../domain/email/undo.ts';
import { requestVerification, verifyEmail } from '../../domain/email/verification.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { AcceptedBody, EmailBody, LinkBody } from './shapes.ts';

const tag = 'Identity';
const bodyExample = { token: 'Qm9va3MgYXJlIHRoZSBtaXJyb3JzIG9mIHRoZSBzb3VsLCBzYWlkIFdvb2xmLi4u' };
const example = { email: 'user@example.com' };

export function emailOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/email/verification',
      operationId: 'requestEmailVerification',
      tag,
      summary: 'Ask for a link that verifies your email',
      description: 'The link works for 24 hours, and ends earlier ones. At most once a minute and five times an hour.',
      guard: bearer,
      answers: { 202: { description: 'A mail is on its way.', schema: AcceptedBody, example: {} } },
      refuses: ['email_verified', 'no_email', 'too_many_requests', 'mail_not_configured'],
    },
    async ({ ports, audit }) => {
      const requested = await requestVerification(ports, audit);
      return isRefusal(requested) ? requested : reply(202, {});
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/email/verify',
      operationId: 'verifyEmail',
      tag,
      summary: 'Verify an email by its link',
      description: 'The token works once. Its sender need not be signed in.',
      guard: anyone,
      rateLimit: 'mailed-link',
      body: LinkBody,
      bodyExample,
      answers: { 200: { description: 'The email is verified.', schema: EmailBody, example } },
      refuses: ['invalid_one_time_token', 'mail_not_configured'],
    },
    async ({ body, ports, audit }) => {
      const email = await verifyEmail(ports, body.token, audit);
      return isRefusal(email) ? email : reply(200, { email });
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/email/undo',
      operationId: 'undoEmailChange',
      tag,
      summary: 'Undo a change of email by the link of its notice',
      description:
        'Restores the old address, as verified. Every session ends, and so does everything ' +
        'pending; the password no longer works until a new one is set.',
      guard: anyone,
      rateLimit: 'mailed-link',
      body: LinkBody,
      bodyExample,
      answers: { 200: { description: 'The restored email.', schema: EmailBody, example } },
      refuses: ['invalid_one_time_token', 'mail_not_configured'],
    },
    async ({ body, ports, audit }) => {
      const email = await undoEmailChange(ports, body.token, audit);
      return isRefusal(email) ? email : reply(200, { email });
    },
  );
}
