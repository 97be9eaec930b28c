// Games: recording the stamps of a score, and reading the score at any offset.
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { optionalBearer } from '../operation/guards/optional-bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { readPublicly } from '../shapes/cached-read.ts';
import { ReadHeaders } from './entity-headers.ts';
import { gameReader } from './game-body.ts';
import {
  FinishedGameBody,
  finishedGameView,
  GameBody,
  GameParams,
  gameExample,
  gameView,
  RecordedHeaders,
  ScoreBody,
  ScoreQuery,
  StampsBody,
  scoreView,
} from './game-shapes.ts';

const tag = 'Resource API';
const MAX_STAMPS_BYTES = 16 * 1024 * 1024;
const score = { home: 1, away: 0 };

export function gameOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/games',
      operationId: 'createGame',
      tag,
      summary: 'Record a game',
      description:
        'Stamps of a score with rising offsets. Only those at which the score changed are stored, and a game never ' +
        'changes. It is yours, and counts for `MAX_GAMES_PER_ACCOUNT`.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      maxBodyBytes: MAX_STAMPS_BYTES,
      reader: gameReader,
      body: StampsBody,
      bodyExample: {
        stamps: [
          { offset: 0, score: { home: 0, away: 0 } },
          { offset: 10, score },
        ],
      },
      answers: {
        201: {
          description: 'The game.',
          schema: GameBody,
          example: gameExample,
          headers: RecordedHeaders,
        },
      },
      refuses: ['quota_exceeded'],
    },
    async ({ body, ports, audit }) => {
      const { MAX_GAMES_PER_ACCOUNT } = await ports.settings.current(audit.now);
      const game = await ports.games.add(body, MAX_GAMES_PER_ACCOUNT, audit);
      return isRefusal(game) ? game : reply(201, gameView(game), { Location: `/games/${game.id}` });
    },
  );

  operation(
    {
      method: 'get',
      path: '/games/{id}',
      operationId: 'getGame',
      tag,
      summary: 'Read a game',
      description: 'With its final score and its owner.',
      guard: optionalBearer,
      scope: 'entities:read',
      params: GameParams,
      answers: {
        200: {
          description: 'The game.',
          schema: FinishedGameBody,
          example: { ...gameExample, score, owner_id: 1 },
          headers: ReadHeaders,
        },
      },
      refuses: ['game_not_found'],
    },
    async ({ c, caller, params: { id }, ports }) => {
      const read = await readPublicly(c, caller, {}, async () => {
        const game = await ports.games.get(id);
        return game ? finishedGameView(game) : refuse('game_not_found');
      });
      return isRefusal(read) ? read : reply(200, read.body, read.headers);
    },
  );

  operation(
    {
      method: 'delete',
      path: '/games/{id}',
      operationId: 'deleteGame',
      tag,
      summary: 'Delete a game',
      description: 'For its owner and admins. Games are also deleted with their account.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      params: GameParams,
      answers: { 204: { description: 'The game was deleted.' } },
      refuses: ['game_not_found', 'forbidden'],
    },
    async ({ params: { id }, ports, audit }) => {
      const removed = await ports.games.remove(id, audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );

  operation(
    {
      method: 'get',
      path: '/games/{id}/score',
      operationId: 'getScore',
      tag,
      summary: 'The score at an offset',
      description: 'The score of the last stamp at or before the offset.',
      guard: optionalBearer,
      scope: 'entities:read',
      params: GameParams,
      query: ScoreQuery,
      answers: {
        200: { description: 'The score.', schema: ScoreBody, example: { offset: 12, score }, headers: ReadHeaders },
      },
      refuses: ['game_not_found', 'before_first_stamp'],
    },
    async ({ c, caller, params: { id }, query: { offset }, ports }) => {
      const read = await readPublicly(c, caller, { offset: String(offset) }, async () => {
        const found = await ports.games.scoreAt(id, offset);
        return isRefusal(found) ? found : scoreView(offset, found);
      });
      return isRefusal(read) ? read : reply(200, read.body, read.headers);
    },
  );
}
