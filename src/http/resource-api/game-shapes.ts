// The bodies of /games.
import { z } from '@hono/zod-openapi';
import type { Game, NewGame, Score } from '../../domain/games/game.ts';
import { MAX_CHANGES, MAX_STAMPS } from '../../domain/games/recording.ts';
import { type Infer, once } from '../once.ts';
import { idField } from '../shapes/paging.ts';

const count = { type: 'integer', minimum: 0 } as const;

/** For the document: src/http/resource-api/game-body.ts reads what it describes. */
export const StampsBody = once(() =>
  z.custom<NewGame>().openapi({
    type: 'object',
    required: ['stamps'],
    properties: {
      stamps: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_STAMPS,
        description: `Their offsets rise strictly; scores may fall. At most ${MAX_CHANGES} of them change the score.`,
        items: {
          type: 'object',
          required: ['offset', 'score'],
          properties: {
            offset: count,
            score: { type: 'object', required: ['home', 'away'], properties: { home: count, away: count } },
          },
        },
      },
    },
  }),
);

export const GameParams = once(() => z.object({ id: idField() }));
export const RecordedHeaders = once(() => z.object({ Location: z.string().openapi({ example: '/games/1' }) }));

const NOT_AN_OFFSET = 'must be an integer of at least 0';
export const ScoreQuery = once(() =>
  z.object({
    offset: z
      .string(NOT_AN_OFFSET)
      .regex(/^\d{1,16}$/, NOT_AN_OFFSET)
      .transform(Number)
      .refine(Number.isSafeInteger, NOT_AN_OFFSET)
      .openapi({ ...count, example: 12 }),
  }),
);

const ScoreFields = once(() => z.object({ home: z.int(), away: z.int() }));

export const GameBody = once(() =>
  z
    .object({
      id: z.int(),
      stamps: z.int().openapi({ description: 'The number of stamps.' }),
      changes: z.int().openapi({ description: 'The number of stamps that changed the score, the first one included.' }),
      first_offset: z.int(),
      last_offset: z.int(),
    })
    .openapi('Game'),
);
export const FinishedGameBody = once(() =>
  GameBody()
    .extend({
      score: ScoreFields(),
      owner_id: z.int().nullable().openapi({ description: 'Null for games that are older than owners.' }),
    })
    .openapi('FinishedGame'),
);
export const ScoreBody = once(() => z.object({ offset: z.int(), score: ScoreFields() }).openapi('ScoreAtOffset'));

export const gameView = ({ id, stamps, changes, firstOffset, lastOffset }: Game): Infer<typeof GameBody> => ({
  id,
  stamps,
  changes,
  first_offset: firstOffset,
  last_offset: lastOffset,
});

export const finishedGameView = (game: Game & { readonly score: Score }): Infer<typeof FinishedGameBody> => ({
  ...gameView(game),
  score: { home: game.score.home, away: game.score.away },
  owner_id: game.ownerId,
});

/** The requested offset, which need not be that of a stamp. */
export const scoreView = (offset: number, { home, away }: Score): Infer<typeof ScoreBody> => ({
  offset,
  score: { home, away },
});

export const gameExample = { id: 1, stamps: 50_001, changes: 7, first_offset: 0, last_offset: 50_000 };
