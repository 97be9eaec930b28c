// The Token API's account of the caller: read, rename, delete, change the password.
import { rename } from '../../domain/accounts/account.ts';
import { changePassword } from '../../domain/passwords/change.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { MeBody, meView, NamesBody, PasswordBody } from './shapes.ts';

const tag = 'Token API';
const example = { id: 1, username: 'John Smith', email: 'user@example.com' };

export function meOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/me',
      operationId: 'getMe',
      tag,
      summary: 'Read the own account',
      description: 'What is not set is "".',
      access: 'account',
      answers: { 200: { description: 'The account.', schema: MeBody, example } },
      refuses: [],
    },
    ({ caller }) => reply(200, meView(caller.account)),
  );

  for (const method of ['put', 'patch'] as const) {
    operation(
      {
        method,
        path: '/api/me',
        operationId: method === 'put' ? 'putMe' : 'patchMe',
        tag,
        summary: 'Change the own username or email',
        description:
          'Changes what is given and leaves the rest; PUT and PATCH do the same here. "" or null clears a name, never the last.',
        access: 'bearer',
        body: NamesBody,
        bodyExample: { username: 'John Smith' },
        answers: { 200: { description: 'The account as it is now.', schema: MeBody, example } },
        refuses: ['email_taken', 'username_taken', 'identity_required'],
      },
      async ({ caller, body, ports, origin, now }) => {
        const account = await rename(ports, caller.accountId, body, { ...origin, actorId: caller.accountId, now });
        return isRefusal(account) ? account : reply(200, meView(account));
      },
    );
  }

  operation(
    {
      method: 'delete',
      path: '/api/me',
      operationId: 'deleteMe',
      tag,
      summary: 'Delete the own account',
      description: 'Every session ends. Private entities go with it, public ones stay without an owner.',
      access: 'bearer',
      answers: { 204: { description: 'The account is gone.' } },
      refuses: ['last_admin'],
    },
    async ({ caller, ports, origin, now }) => {
      const removed = await ports.accounts.remove(caller.accountId, { ...origin, actorId: caller.accountId, now });
      if (removed === 'removed') return reply(204);
      return refuse(removed === 'last_admin' ? 'last_admin' : 'token_revoked');
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/password',
      operationId: 'changePassword',
      tag,
      summary: 'Change the own password',
      description: 'Ends every other session of the account. Wrong passwords count towards the lock of its login.',
      access: 'bearer',
      flood: 'password-change',
      body: PasswordBody,
      bodyExample: { current_password: 'password', new_password: 'correct horse battery staple' },
      answers: { 204: { description: 'The password is changed.' } },
      refuses: ['wrong_password', 'password_too_short', 'too_many_attempts'],
    },
    async ({ caller, body, ports, origin, now }) => {
      const change = { currentPassword: body.current_password, newPassword: body.new_password };
      const changed = await changePassword(ports, caller, change, await ports.settings.current(now), origin, now);
      return isRefusal(changed) ? changed : reply(204);
    },
  );
}
