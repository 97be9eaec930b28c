// Games as tests make them, and an oracle for their body: JSON.parse, and a check of each stamp.
import type { NewGame, Stamp } from '../../src/domain/games/game.ts';
import { MAX_CHANGES, MAX_STAMPS, newRecording } from '../../src/domain/games/recording.ts';

export const at = (offset: number, home: number, away: number): Stamp => ({ offset, score: { home, away } });

/** `length` stamps, each of which changes the score. */
export const changing = (length: number): readonly Stamp[] =>
  Array.from({ length }, (_, offset) => at(offset * 3, offset, offset % 7));

/** The recording of valid stamps. */
export function recorded(stamps: readonly Stamp[]): NewGame {
  const recording = newRecording();
  for (const { offset, score } of stamps) recording.add({ offset, ...score });
  const game = recording.finish();
  if ('path' in game) throw new Error(`${game.path} ${game.message}`);
  return game;
}

/** The expected result of a body: its game, the path of its first error, or that it is malformed. */
export function expectedGame(bytes: Uint8Array): NewGame | { readonly path: string } | 'malformed_body' {
  let body: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    body = bytes.byteLength === 0 ? {} : JSON.parse(text);
  } catch {
    return 'malformed_body';
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { path: '' };
  const stamps: unknown = 'stamps' in body ? body.stamps : undefined;
  if (!Array.isArray(stamps) || stamps.length < 1 || stamps.length > MAX_STAMPS) return { path: 'stamps' };
  const changes: Stamp[] = [];
  const game = { stamps: stamps.length, firstOffset: -1, lastOffset: -1, changes };
  for (const [index, stamp] of stamps.entries()) {
    const path = wrongField(stamp, game.lastOffset);
    if (path) return { path: `stamps.${index}.${path}` };
    const { offset, score } = stamp as Stamp; // no field is wrong
    const before = game.changes.at(-1)?.score;
    if (before?.home !== score.home || before.away !== score.away)
      game.changes.push(at(offset, score.home, score.away));
    if (game.changes.length > MAX_CHANGES) return { path: 'stamps' };
    if (index === 0) game.firstOffset = offset;
    game.lastOffset = offset;
  }
  return game;
}

type Loose = {
  readonly offset?: unknown;
  readonly score?: { readonly home?: unknown; readonly away?: unknown };
} | null;

/** The first wrong field of a stamp. */
function wrongField(stamp: Loose, before: number): string | undefined {
  if (!isCount(stamp?.offset) || Number(stamp?.offset) <= before) return 'offset';
  if (!isCount(stamp?.score?.home)) return 'score.home';
  return isCount(stamp?.score?.away) ? undefined : 'score.away';
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
