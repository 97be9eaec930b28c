// The caller's own account in the Token API: read, rename, delete, change the password.
import { rename } from '../../domain/accounts/account.ts';
import { removeAccount } from '../../domain/accounts/removal.ts';
import { changePassword } from '../../domain/passwords/change.ts';
import { WEAK_PASSWORD_REASONS } from '../../domain/passwords/policy.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem, shortPassword } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
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
      summary: 'Read your own account',
      description: 'A name that is not set is "".',
      guard: account,
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
        summary: 'Change your username or email',
        description:
          'Changes the given names and leaves the others; PUT and PATCH do the same here. "" or null clears a name, ' +
          'but never the last one.',
        guard: bearer,
        recent: 'for changes',
        body: NamesBody,
        bodyExample: { username: 'John Smith' },
        answers: { 200: { description: 'The account as it is now.', schema: MeBody, example } },
        refuses: ['email_taken', 'username_taken', 'identity_required', 'too_many_requests'],
      },
      async ({ body, ports, audit }) => {
        const account = await rename(ports, body, audit);
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
      summary: 'Delete your own account',
      description: 'Ends every session. Private entities are deleted with it, public ones stay without an owner.',
      guard: bearer,
      recent: 'for changes',
      answers: { 204: { description: 'The account was deleted.' } },
      refuses: ['last_admin'],
    },
    async ({ caller, ports, audit }) => {
      const removed = await removeAccount(ports, caller.accountId, audit);
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
      summary: 'Change your password',
      description:
        'Ends every other session of the account; with `end_all`, the session of the token you send as well: ' +
        'somebody may have a copy of it. Ten wrong passwords in a row lock this operation for the session.',
      guard: bearer,
      rateLimit: 'password-change',
      body: PasswordBody,
      bodyExample: { current_password: 'password', new_password: 'correct horse battery staple', end_all: false },
      answers: { 204: { description: 'The password was changed.' } },
      refuses: ['wrong_password', ...WEAK_PASSWORD_REASONS, 'too_many_attempts'],
    },
    async ({ caller, body, ports, audit }) => {
      const { current_password: currentPassword, new_password: newPassword, end_all: endAll } = body;
      const ends = endAll ? 'all' : 'others';
      const change = { currentPassword, newPassword, sessionId: caller.sessionId, ends } as const;
      const changed = await changePassword(ports, change, await ports.settings.current(audit.now), audit);
      if (!isRefusal(changed)) return reply(204);
      if (changed.refused !== 'password_too_short') return changed;
      return { ...changed, errors: [shortPassword('new_password', changed.minimum)] };
    },
  );
}
