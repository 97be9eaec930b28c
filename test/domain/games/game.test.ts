// The score at an offset, and what of a game is kept.
import { describe, expect, it } from 'vitest';
import {
  gameOf,
  getScore,
  MAX_STAMPS,
  type Score,
  type Stamp,
  scoreChanges,
  validateStamps,
} from '../../../src/domain/games/game.ts';
import { refuse } from '../../../src/domain/refusal.ts';

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
    scoreChanges(frozen);
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
      const changes = scoreChanges(stamps);
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

it('keeps the first stamp and those that change the score', () => {
  expect(gameOf(game)).toEqual({
    stamps: 5,
    firstOffset: 3,
    lastOffset: 21,
    changes: [at(3, 0, 0), at(4, 1, 0), at(20, 1, 1), at(21, 1, 0)],
  });
});

describe('the first stamp at fault is named', () => {
  const good = [at(0, 0, 0), at(1, 0, 0), at(2, 0, 1)];
  const bad = (index: number, stamp: unknown) => validateStamps(good.toSpliced(index, 1, stamp as Stamp))?.path;

  it('and nothing where there is none', () => {
    expect(validateStamps(good)).toBeUndefined();
    expect(validateStamps([at(Number.MAX_SAFE_INTEGER, 0, 2 ** 53 - 1)])).toBeUndefined();
  });

  it('with the field that is wrong', () => {
    expect(bad(0, at(-1, 0, 0))).toBe('0.offset');
    expect(bad(1, at(0, 0, 0))).toBe('1.offset');
    expect(bad(1, at(2, 0, 0))).toBe('2.offset');
    expect(bad(2, at(0.5, 0, 0))).toBe('2.offset');
    expect(bad(2, { offset: '5', score: { home: 0, away: 0 } })).toBe('2.offset');
    expect(bad(2, { offset: 2 ** 53, score: { home: 0, away: 0 } })).toBe('2.offset');
    expect(bad(1, at(1, -1, 0))).toBe('1.score.home');
    expect(bad(1, at(1, 0, 1.5))).toBe('1.score.away');
    expect(bad(1, { offset: 1 })).toBe('1.score.home');
    expect(bad(1, { offset: 1, score: null })).toBe('1.score.home');
    for (const nothing of [null, undefined, 1, 'x', [], {}]) expect(bad(1, nothing)).toBe('1.offset');
  });

  it('or the list itself', () => {
    for (const value of [undefined, null, {}, 'x', [], Array(MAX_STAMPS + 1).fill(at(0, 0, 0))])
      expect(validateStamps(value)?.path).toBe('');
  });
});
