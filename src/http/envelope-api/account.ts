// The caller's own account in the Envelope API, at both paths that its clients use.
import type { Api } from '../context.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { operationsIn } from '../operation/operation.ts';
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
        summary: 'Read your own account',
        description: '`/auth/status` and `/auth/account` answer the same. A name that is not set is "".',
        guard: account,
        answers: { 200: { description: 'The account.', schema: AccountBody, example } },
        refuses: [],
      },
      ({ caller }) => reply(200, accountView(caller.account)),
    );
  }
}
