// The score at an offset.
import { describe, expect, it } from 'vitest';
import { getScore, type Score, type Stamp } from '../../../src/domain/games/game.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { recorded } from '../../support/games.ts';

const at = (offset: number, home: number, away: number): Stamp => ({ offset, score: { home, away } });
const game = [at(3, 0, 0), at(4, 1, 0), at(9, 1, 0), at(20, 1, 1), at(21, 1, 0)];
const before = refuse('before_first_stamp');

describe('getScore', () => {
  it.each([
    ['the first stamp', 3, { home: 0, away: 0 }],
    ['an exact hit', 4, { home: 1, away: 0 }],
    ['a gap', 8, { home: 1, away: 0 }],
    ['an equal neighbour', 9, { home: 1, away: 0 }],
    ['just before a change', 19, { home: 1, away: 0 }],
    ['a goal that is annulled next', 20, { home: 1, away: 1 }],
    ['the last stamp, which fell', 21, { home: 1, away: 0 }],
    ['long after the last', 1e9, { home: 1, away: 0 }],
  ])('answers %s', (_, offset, score) => {
    expect(getScore(game, offset)).toEqual(score);
  });

  it('refuses an offset before the first stamp, and any in an empty list', () => {
    for (const offset of [-1, 0, 2, 2.999]) expect(getScore(game, offset)).toEqual(before);
    expect(getScore([], 0)).toEqual(before);
  });

  it('answers from one stamp', () => {
    const one = [at(5, 2, 3)];
    expect([getScore(one, 4), getScore(one, 5), getScore(one, 6)]).toEqual([
      before,
      { home: 2, away: 3 },
      { home: 2, away: 3 },
    ]);
  });

  it('leaves its input as it is', () => {
    const frozen = Object.freeze(
      game.map((stamp) => Object.freeze({ ...stamp, score: Object.freeze({ ...stamp.score }) })),
    );
    const copy = structuredClone(frozen);
    getScore(frozen, 10);
    expect(frozen).toEqual(copy);
  });

  it('looks at no more stamps than it must', () => {
    let looks = 0;
    const stamps = new Proxy(
      Array.from({ length: 2 ** 17 }, (_, offset) => at(offset, 0, 0)),
      {
        get(target, key, receiver) {
          if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
          return Reflect.get(target, key, receiver);
        },
      },
    );
    getScore(stamps, 77_777);
    expect(looks).toBeLessThanOrEqual(20);
  });

  it('agrees with a linear scan on random games, with all stamps and with the changes alone', () => {
    for (let round = 0; round < 200; round += 1) {
      const stamps = randomGame(1 + Math.floor(Math.random() * 60));
      const { changes } = recorded(stamps);
      const end = (stamps.at(-1)?.offset ?? 0) + 10;
      for (let offset = 0; offset <= end; offset += 1) {
        expect(getScore(stamps, offset)).toEqual(linear(stamps, offset));
        expect(getScore(changes, offset)).toEqual(linear(stamps, offset));
      }
    }
  });
});

function randomGame(length: number): readonly Stamp[] {
  let offset = Math.floor(Math.random() * 5);
  const score = { home: 0, away: 0 };
  return Array.from({ length }, () => {
    offset += 1 + Math.floor(Math.random() * 4);
    if (Math.random() < 0.2) score.home = Math.max(0, score.home + (Math.random() < 0.8 ? 1 : -1));
    if (Math.random() < 0.2) score.away += 1;
    return at(offset, score.home, score.away);
  });
}

function linear(stamps: readonly Stamp[], offset: number): Score | typeof before {
  let found: Score | undefined;
  for (const stamp of stamps) if (stamp.offset <= offset) found = stamp.score;
  return found ?? before;
}
