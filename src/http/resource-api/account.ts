// GET /account: the caller's account in full.

import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { AccountBody, accountView } from '../shapes/account-body.ts';

const example = {
  id: 1,
  email: 'user@example.com',
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
      summary: 'Read the own account in full',
      description: 'With its role and its own data. What is not set is null.',
      access: 'account',
      answers: { 200: { description: 'The account.', schema: AccountBody, example } },
      refuses: [],
    },
    ({ caller }) => reply(200, accountView(caller.account)),
  );
}
