// The bodies of /games. Stamps are validated by hand, because there may be 200 000 of them.
import { z } from '@hono/zod-openapi';
import { type Game, MAX_STAMPS, type Score, type Stamp, validateStamps } from '../../domain/games/game.ts';
import type { FieldError } from '../../domain/refusal.ts';

/** `3.score.home` as zod's path. */
const pathOf = ({ path }: FieldError): string[] => (path === '' ? [] : path.split('.'));

const count = { type: 'integer', minimum: 0 } as const;

/** Reports the first invalid stamp only: a list of 200 000 errors helps nobody. */
export const StampsBody = z.object({
  stamps: z
    .custom<readonly Stamp[]>()
    .superRefine((value: unknown, context) => {
      const error = validateStamps(value);
      if (error) context.addIssue({ code: 'custom', path: pathOf(error), message: error.message });
    })
    .openapi({
      type: 'array',
      minItems: 1,
      maxItems: MAX_STAMPS,
      description: 'Their offsets rise strictly; scores may fall.',
      items: {
        type: 'object',
        required: ['offset', 'score'],
        properties: {
          offset: count,
          score: { type: 'object', required: ['home', 'away'], properties: { home: count, away: count } },
        },
      },
    }),
});

const NOT_AN_OFFSET = 'must be an integer of at least 0';
export const ScoreQuery = z.object({
  offset: z
    .string(NOT_AN_OFFSET)
    .regex(/^\d{1,16}$/, NOT_AN_OFFSET)
    .transform(Number)
    .refine(Number.isSafeInteger, NOT_AN_OFFSET)
    .openapi({ ...count, example: 12 }),
});

const ScoreFields = z.object({ home: z.int(), away: z.int() });

export const GameBody = z
  .object({
    id: z.int(),
    stamps: z.int().openapi({ description: 'The number of stamps.' }),
    changes: z.int().openapi({ description: 'The number of stamps that changed the score, the first one included.' }),
    first_offset: z.int(),
    last_offset: z.int(),
  })
  .openapi('Game');
export const FinishedGameBody = GameBody.extend({ score: ScoreFields }).openapi('FinishedGame');
export const ScoreBody = z.object({ offset: z.int(), score: ScoreFields }).openapi('ScoreAtOffset');

export const gameView = ({ id, stamps, changes, firstOffset, lastOffset }: Game): z.infer<typeof GameBody> => ({
  id,
  stamps,
  changes,
  first_offset: firstOffset,
  last_offset: lastOffset,
});

export const finishedGameView = (game: Game & { readonly score: Score }): z.infer<typeof FinishedGameBody> => ({
  ...gameView(game),
  score: { home: game.score.home, away: game.score.away },
});

/** The requested offset, which need not be that of a stamp. */
export const scoreView = (offset: number, { home, away }: Score): z.infer<typeof ScoreBody> => ({
  offset,
  score: { home, away },
});

export const gameExample = { id: 1, stamps: 50_001, changes: 7, first_offset: 0, last_offset: 50_000 };
