// Accounts for admins: find them, read one, change its role, deactivate or activate it.
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { AccountBody, accountView } from '../shapes/account-body.ts';
import { readPage } from '../shapes/paging.ts';
import { AccountParams, AccountsBody, AccountsQuery, accountsView, RoleAndStatusBody } from './shapes.ts';

const tag = 'Administration';
const example = {
  id: 1,
  email: 'user@example.com',
  email_verified: true,
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
      description:
        'Newest first. With `q`, sorted by the matching name; where few of many names match, a page may be short, ' +
        'even empty: the last page is the one whose `next_cursor` is null.',
      guard: admin,
      query: AccountsQuery,
      answers: {
        200: {
          description: 'A page of accounts.',
          schema: AccountsBody,
          example: { users: [example], next_cursor: null },
        },
      },
      refuses: ['invalid_cursor'],
    },
    async ({ query: { cursor, limit, ...filter }, ports }) => {
      const scope = JSON.stringify(['users', filter.q, filter.role, filter.active]);
      const page = await readPage(ports.issuer.keys, scope, cursor, (after) =>
        ports.administration.list(filter, after, limit),
      );
      return isRefusal(page) ? page : reply(200, accountsView(page));
    },
  );

  operation(
    {
      method: 'get',
      path: '/api/admin/users/{id}',
      operationId: 'getUserById',
      tag,
      summary: 'Read an account',
      description: 'Deactivated accounts too.',
      guard: admin,
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
      summary: "Change an account's role, deactivate or activate it",
      description:
        'Deactivating ends every session of the account at once. The last active admin cannot be demoted or ' +
        'deactivated.',
      guard: admin,
      recent: ({ role }) => role !== undefined,
      params: AccountParams,
      body: RoleAndStatusBody,
      bodyExample: { active: false },
      answers: {
        200: { description: 'The account as it is now.', schema: AccountBody, example: { ...example, active: false } },
      },
      refuses: ['account_not_found', 'last_admin'],
    },
    async ({ params, body, ports, audit }) => {
      const account = await ports.administration.change(params.id, body, audit);
      return isRefusal(account) ? account : reply(200, accountView(account));
    },
  );
}
