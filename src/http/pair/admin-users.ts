// Accounts, for admins: find them, read one, change its role or switch it off and on.
import { foldKey } from '../../domain/account.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { AccountBody, accountView } from '../account-body.ts';
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation.ts';
import { CURSOR_WORDS } from '../paging.ts';
import { isId } from '../position.ts';
import { problem } from '../problem.ts';
import { AccountParams, AccountsBody, AccountsQuery, accountsView, StandingBody } from './admin-shapes.ts';

const tag = 'Administration';
const example = {
  id: 1,
  email: 'user@example.com',
  username: 'John Smith',
  role: 'user',
  active: true,
  data: { city: 'Lisbon' },
  created_at: '2026-11-20T21:00:00.000Z',
  updated_at: '2026-11-20T21:00:00.000Z',
};

export function adminUserOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/admin/users',
      operationId: 'listUsers',
      tag,
      summary: 'Find accounts',
      description: 'Newest first; with `q`, by the name that starts with it.',
      access: 'admin',
      query: AccountsQuery,
      answers: { 200: { description: 'A page of accounts.', schema: AccountsBody, example: { users: [example], next_cursor: null } } },
      refuses: [],
    },
    async ({ query: { cursor, limit, ...filter }, ports }) => {
      // A search is read by name, all else by id.
      const prefix = filter.q ? foldKey(filter.q) : '';
      const belongs = cursor === undefined || (prefix ? cursor.startsWith(prefix) : isId(cursor));
      if (!belongs) return refuse('invalid_query', { errors: [{ path: 'cursor', message: CURSOR_WORDS }] });
      return reply(200, accountsView(await ports.administration.list(filter, cursor, limit)));
    },
  );

  operation(
    {
      method: 'get',
      path: '/api/admin/users/{id}',
      operationId: 'getUserById',
      tag,
      summary: 'Read an account',
      description: 'Deactivated ones too.',
      access: 'admin',
      params: AccountParams,
      answers: { 200: { description: 'The account.', schema: AccountBody, example } },
      refuses: ['account_not_found'],
    },
    async ({ params, ports }) => {
      const account = await ports.administration.find(params.id);
      return account ? reply(200, accountView(account)) : refuse('account_not_found');
    },
  );

  operation(
    {
      method: 'patch',
      path: '/api/admin/users/{id}',
      operationId: 'patchUserById',
      tag,
      summary: "Change an account's role, or switch it off or on",
      description: 'Switching off ends every session of the account at once. The last active admin stays one.',
      access: 'admin',
      params: AccountParams,
      body: StandingBody,
      bodyExample: { active: false },
      answers: { 200: { description: 'The account as it is now.', schema: AccountBody, example: { ...example, active: false } } },
      refuses: ['account_not_found', 'last_admin'],
    },
    async ({ caller, params, body, ports, origin, now }) => {
      const account = await ports.administration.change(params.id, body, { ...origin, actorId: caller.accountId, now });
      return isRefusal(account) ? account : reply(200, accountView(account));
    },
  );
}
