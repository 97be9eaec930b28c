// The export of the caller's account: everything that is stored of it, as one JSON document.
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { ExportBody, exportExample } from '../shapes/export-shapes.ts';
import { piecesOf } from '../shapes/own-export.ts';

export function exportOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/api/me/export',
      operationId: 'exportMe',
      tag: 'Token API',
      summary: 'Export everything that is stored about you',
      description:
        'Your profile, factors, sessions, entities, games and the audit events of your account, without any secret.',
      guard: bearer,
      recent: 'always',
      answers: {
        200: { description: 'The export.', schema: ExportBody, streamed: 'application/json', example: exportExample },
      },
      refuses: [],
    },
    async ({ c, ports, audit }) => {
      const own = await ports.ownData.begin(c.req.method === 'HEAD' ? 'unrecorded' : 'recorded', audit);
      if (isRefusal(own)) return own;
      return reply(200, piecesOf(ports.ownData, own, await ports.factors.overview(own.account.id)));
    },
  );
}
