// The games of an account's export, as views that name every field.
import { z } from '@hono/zod-openapi';
import type { OwnGame, OwnScore } from '../../domain/transfer/export.ts';
import { type Infer, once } from '../once.ts';
import { timestamp, timestampField } from './fields.ts';

export const ExportedGame = once(() =>
  z.object({
    id: z.int(),
    created_at: timestampField().nullable(),
    stamps: z.int(),
    first_offset: z.int(),
    last_offset: z.int(),
  }),
);

export const exportedGameView = (game: OwnGame): Infer<typeof ExportedGame> => ({
  id: game.id,
  created_at: game.createdAt === null ? null : timestamp(game.createdAt),
  stamps: game.stamps,
  first_offset: game.firstOffset,
  last_offset: game.lastOffset,
});

export const ExportedScore = once(() => z.object({ game_id: z.int(), offset: z.int(), home: z.int(), away: z.int() }));

export const exportedScoreView = ({ gameId, offset, home, away }: OwnScore): Infer<typeof ExportedScore> => ({
  game_id: gameId,
  offset,
  home,
  away,
});
