// A recording stores the stamps that change the score, and names the first invalid one.
import { describe, expect, it } from 'vitest';
import { MAX_CHANGES, MAX_STAMPS, newRecording, type SentStamp } from '../../../src/domain/games/recording.ts';
import { at, changing, recorded } from '../../support/games.ts';

const stamp = (offset: number | undefined, home: number | undefined, away: number | undefined): SentStamp => ({
  offset,
  home,
  away,
});
const finished = (stamps: readonly SentStamp[]) => {
  const recording = newRecording();
  for (const one of stamps) recording.add(one);
  return recording.finish();
};
const pathOf = (stamps: readonly SentStamp[]) => {
  const game = finished(stamps);
  return 'path' in game ? game.path : undefined;
};

it('keeps the first stamp and those that change the score', () => {
  expect(recorded([at(3, 0, 0), at(4, 1, 0), at(9, 1, 0), at(20, 1, 1), at(21, 1, 0)])).toEqual({
    stamps: 5,
    firstOffset: 3,
    lastOffset: 21,
    changes: [at(3, 0, 0), at(4, 1, 0), at(20, 1, 1), at(21, 1, 0)],
  });
});

describe('the first stamp at fault is named', () => {
  const good = [stamp(0, 0, 0), stamp(1, 0, 0), stamp(2, 0, 1)];
  const bad = (index: number, one: SentStamp) => pathOf(good.toSpliced(index, 1, one));

  it('and nothing where there is none', () => {
    expect(pathOf(good)).toBeUndefined();
    expect(pathOf([stamp(Number.MAX_SAFE_INTEGER, 0, 2 ** 53 - 1)])).toBeUndefined();
    expect(pathOf([stamp(-0, -0, -0)])).toBeUndefined();
  });

  it('with the field that is wrong', () => {
    expect(bad(0, stamp(-1, 0, 0))).toBe('0.offset');
    expect(bad(1, stamp(0, 0, 0))).toBe('1.offset');
    expect(bad(1, stamp(2, 0, 0))).toBe('2.offset');
    expect(bad(2, stamp(0.5, 0, 0))).toBe('2.offset');
    expect(bad(2, stamp(undefined, 0, 0))).toBe('2.offset');
    expect(bad(2, stamp(2 ** 53, 0, 0))).toBe('2.offset');
    expect(bad(2, stamp(Number.POSITIVE_INFINITY, 0, 0))).toBe('2.offset');
    expect(bad(1, stamp(1, -1, 0))).toBe('1.score.home');
    expect(bad(1, stamp(1, undefined, undefined))).toBe('1.score.home');
    expect(bad(1, stamp(1, 0, 1.5))).toBe('1.score.away');
    expect(pathOf([stamp(undefined, 0, 0), ...good, stamp(-1, 0, 0)])).toBe('0.offset');
  });

  it('but not before a list that is empty or too long', () => {
    expect(finished([])).toEqual({ path: '', message: `must be 1 to ${MAX_STAMPS} stamps` });
    expect(pathOf(Array(MAX_STAMPS).fill(stamp(-1, 0, 0)))).toBe('0.offset');
    expect(pathOf(Array(MAX_STAMPS + 1).fill(stamp(-1, 0, 0)))).toBe('');
  });
});

it('takes as many changes of the score as the limit, and no more', () => {
  const stamps = changing(MAX_CHANGES);
  expect(recorded(stamps).changes).toEqual(stamps);
  const last = stamps.at(-1) ?? at(0, 0, 0);
  const quiet = Array.from({ length: 10 }, (_, index) => at(last.offset + index + 1, last.score.home, last.score.away));
  expect(recorded([...stamps, ...quiet]).changes).toHaveLength(MAX_CHANGES);
  expect(() => recorded(changing(MAX_CHANGES + 1))).toThrow(`at most ${MAX_CHANGES} times`);
});
