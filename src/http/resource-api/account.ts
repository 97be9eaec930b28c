// GET /account: the caller's own account in full.
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { operationsIn } from '../operation/operation.ts';
import { AccountBody, accountView } from '../shapes/account-body.ts';

const example = {
  id: 1,
  email: 'user@example.com',
  email_verified: true,
  username: 'John Smith',
  role: 'user',
  active: true,
  data: {},
  created_at: '2026-11-20T21:00:00.000Z',
  updated_at: '2026-11-20T21:00:00.000Z',
};

export function accountOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/account',
      operationId: 'getAccount',
      tag: 'Resource API',
      summary: 'Read your own account in full',
      description: 'With its role and its own data. A name that is not set is null.',
      guard: account,
      answers: { 200: { description: 'The account.', schema: AccountBody, example } },
      refuses: [],
    },
    ({ caller }) => reply(200, accountView(caller.account)),
  );
}
