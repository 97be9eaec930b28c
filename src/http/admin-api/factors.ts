// The factors of an account for admins: they can be removed, and neither seen nor added.
import { removeAllFactors } from '../../domain/factors/removal.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { AccountParams } from './shapes.ts';

export function adminFactorOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'delete',
      path: '/api/admin/users/{id}/factors',
      operationId: 'removeUserFactors',
      tag: 'Administration',
      summary: "Remove an account's second factors and passkeys",
      description:
        'For a person who lost them: the authenticator app, its recovery codes and every passkey, even the last one. ' +
        'Sessions go on.',
      guard: admin,
      recent: 'for changes',
      params: AccountParams,
      answers: { 204: { description: 'The account has no second factor and no passkey.' } },
      refuses: ['account_not_found'],
    },
    async ({ params, ports, audit }) => {
      const removed = await removeAllFactors(ports, params.id, audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );
}
