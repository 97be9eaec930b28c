// A forgotten password: asking for a link, and setting a new password by it.
import { WEAK_PASSWORD_REASONS } from '../../domain/passwords/policy.ts';
import { forgotPassword, resetPassword } from '../../domain/passwords/recovery.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { AcceptedBody, ForgotBody, ResetBody } from './shapes.ts';

const tag = 'Identity';

export function recoveryOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/api/password/forgot',
      operationId: 'forgotPassword',
      tag,
      summary: 'Ask for a link that sets a new password',
      description:
        'Answers the same, after the same work, whether or not an account has the email. The link works for 30 ' +
        'minutes, and ends earlier ones. One mail a minute and five an hour; more are not sent.',
      guard: anyone,
      rateLimit: 'password-forgotten',
      body: ForgotBody,
      bodyExample: { email: 'user@example.com' },
      answers: {
        202: { description: 'A mail is on its way if an account has this email.', schema: AcceptedBody, example: {} },
      },
      refuses: ['mail_not_configured'],
    },
    async ({ body, ports, audit }) => {
      const accepted = await forgotPassword(ports, body.email, audit);
      return isRefusal(accepted) ? accepted : reply(202, {});
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/password/reset',
      operationId: 'resetPassword',
      tag,
      summary: 'Set a new password by a link',
      description:
        'Verifies the email as well, lifts a lock of the login, and ends every session and every other link. A ' +
        'refused password does not use the link up.',
      guard: anyone,
      rateLimit: 'mailed-link',
      body: ResetBody,
      bodyExample: {
        token: 'Qm9va3MgYXJlIHRoZSBtaXJyb3JzIG9mIHRoZSBzb3VsLCBzYWlkIFdvb2xmLi4u',
        password: 'correct horse battery staple',
      },
      answers: { 204: { description: 'The password was set. Log in with it.' } },
      refuses: ['invalid_one_time_token', ...WEAK_PASSWORD_REASONS, 'mail_not_configured'],
    },
    async ({ body: { token, password }, ports, audit }) => {
      const reset = await resetPassword(ports, token, password, await ports.settings.current(audit.now), audit);
      return isRefusal(reset) ? reset : reply(204);
    },
  );
}
