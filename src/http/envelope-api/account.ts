// The Envelope API's look at the caller's account, under both names that its clients know.
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { envelope } from './error-format.ts';
import { AccountBody, accountView } from './shapes.ts';

const example = {
  status: 'success',
  data: { id: 1, username: 'ben', email: 'ben@example.com', active: true, created_at: '2026-11-20T21:00:00.000Z' },
};

export function accountOperations(api: Api): void {
  const operation = operationsIn(api, envelope);

  for (const [path, operationId] of [
    ['/auth/status', 'envelopeStatus'],
    ['/auth/account', 'envelopeAccount'],
  ] as const) {
    operation(
      {
        method: 'get',
        path,
        operationId,
        tag: 'Envelope API',
        summary: 'Read the own account',
        description: '`/auth/status` and `/auth/account` say the same. What is not set is "".',
        access: 'account',
        answers: { 200: { description: 'The account.', schema: AccountBody, example } },
        refuses: [],
      },
      ({ caller }) => reply(200, accountView(caller.account)),
    );
  }
}
