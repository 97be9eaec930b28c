// The export of one's own account: everything that is kept of it, as one JSON document.
import type { FactorOverview } from '../../domain/factors/factor.ts';
import type { Page } from '../../domain/page.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { KeptAccount, OwnData } from '../../domain/transfer/export.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { accountView } from '../shapes/account-body.ts';
import { factorsView } from '../shapes/factors-body.ts';
import { timestamp } from '../shapes/fields.ts';
import { exportedGameView, exportedScoreView } from './export-game-shapes.ts';
import {
  ExportBody,
  exportExample,
  exportedEntityView,
  exportedEventView,
  exportedSessionView,
} from './export-shapes.ts';

/** The document in pieces: of what there may be any number of, a page stands in memory at a time. */
async function* piecesOf(
  ownData: OwnData,
  { account, hasPassword, networks }: KeptAccount,
  overview: FactorOverview,
): AsyncGenerator<string> {
  const factors = { ...factorsView(overview), password: hasPassword };
  yield `{"account":${JSON.stringify(accountView(account))},"factors":${JSON.stringify(factors)}`;
  yield `,"networks":${JSON.stringify(networks.map(({ network, lastAt }) => ({ network, last_at: timestamp(lastAt) })))}`;
  yield* listOf('sessions', exportedSessionView, (after) => ownData.sessions(account.id, after));
  yield* listOf('entities', exportedEntityView, (after) => ownData.entities(account.id, after));
  yield* listOf('games', exportedGameView, (after) => ownData.games(account.id, after));
  yield* listOf('game_scores', exportedScoreView, (after) => ownData.scores(account.id, after));
  yield* listOf('audit_events', exportedEventView, (after) => ownData.events(account.id, after));
  yield '}';
}

async function* listOf<T>(
  name: string,
  view: (item: T) => object,
  read: (after: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<string> {
  yield `,"${name}":[`;
  let page = await read(undefined);
  yield page.items.map((item) => JSON.stringify(view(item))).join(',');
  while (page.next !== undefined) {
    page = await read(page.next);
    yield page.items.map((item) => `,${JSON.stringify(view(item))}`).join('');
  }
  yield ']';
}

export function exportOperations(api: Api): void {
  operationsIn(api, problem)(
    {
      method: 'get',
      path: '/api/me/export',
      operationId: 'exportMe',
      tag: 'Token API',
      summary: 'Export everything that is kept of you',
      description:
        'Your profile, factors, sessions, entities, games and what was recorded of your account, without any secret.',
      guard: bearer,
      recent: 'always',
      answers: {
        200: { description: 'All of it.', schema: ExportBody, streamed: 'application/json', example: exportExample },
      },
      refuses: [],
    },
    async ({ c, ports, audit }) => {
      const kept = await ports.ownData.begin(c.req.method === 'HEAD' ? 'unrecorded' : 'recorded', audit);
      if (isRefusal(kept)) return kept;
      return reply(200, piecesOf(ports.ownData, kept, await ports.factors.overview(kept.account.id)));
    },
  );
}
