// Everything that is stored of an account, as a JSON document in pieces.
import type { FactorOverview } from '../../domain/factors/factor.ts';
import type { Page } from '../../domain/page.ts';
import type { OwnAccount, OwnData } from '../../domain/transfer/export.ts';
import { accountView } from './account-body.ts';
import { exportedGameView, exportedScoreView } from './export-game-shapes.ts';
import { exportedEntityView, exportedEventView, exportedSessionView } from './export-shapes.ts';
import { factorsView } from './factors-body.ts';
import { timestamp } from './fields.ts';

/** The document in pieces: of lists of any length, one page is in memory at a time. */
export async function* piecesOf(
  ownData: OwnData,
  { account, hasPassword, networks }: OwnAccount,
  overview: FactorOverview,
): AsyncGenerator<string> {
  const factors = { ...factorsView(overview), password: hasPassword };
  yield `{"account":${JSON.stringify(accountView(account))},"factors":${JSON.stringify(factors)}`;
  const knownNetworks = networks.map(({ network, lastAt }) => ({ network, last_at: timestamp(lastAt) }));
  yield `,"networks":${JSON.stringify(knownNetworks)}`;
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
