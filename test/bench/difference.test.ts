// When the benchmark reports that one version is slower than another, and which subjects it measures.
import { expect, it } from 'vitest';
import { differenceOf } from '../../bench/difference.ts';
import { chosen, type Figures, type Subject } from '../../bench/subject.ts';

const figures = (perSecond: number): Figures => ({
  perSecond,
  p50: 0,
  p95: 0,
  p99: 0,
  cpu: undefined,
  requests: 0,
  failed: 0,
  unanswered: 0,
});

/** Rounds whose ratios are these. */
const difference = (...ratios: readonly number[]) =>
  differenceOf(
    ratios.map((ratio) => ({ ours: figures(ratio), other: figures(1) })),
    ({ perSecond }) => perSecond,
  );

it('reports a difference where all rounds agree, with their spread', () => {
  expect(difference(1.1, 1.05, 1.2, 1.12, 1.08)).toEqual({ ratio: 1.1, least: 1.05, most: 1.2, side: 'more' });
  expect(difference(0.9, 0.95, 0.8, 0.88, 0.92)).toMatchObject({ ratio: 0.9, side: 'less' });
});

it('reports none where rounds disagree, are too few, or differ by next to nothing', () => {
  expect(difference(1.3, 1.2, 1.2, 0.99, 1.2).side).toBe('same');
  expect(difference(1.3, 1.2, 1.2, 1.2).side).toBe('same');
  expect(difference(1.01, 1.02, 1.01, 1.005, 1.01).side).toBe('same');
});

const subject = (name: string, ...against: readonly string[]): Subject => ({
  name,
  server: 'ours',
  connections: 1,
  shot: () => ({ method: 'GET', path: '/' }),
  against: against.map((other) => ({ name: other, as: 'limit', atLeast: 1 })),
});
const SUBJECTS = [subject('select'), subject('insert'), subject('read', 'select'), subject('write', 'insert')];
const namesOf = (subjects: readonly Subject[]) => subjects.map(({ name }) => name);

it('measures the subjects that a part names, and the subjects that they are compared with', () => {
  expect(namesOf(chosen(SUBJECTS, ['rea']))).toEqual(['select', 'read']);
  expect(namesOf(chosen(SUBJECTS, ['rea', 'inse']))).toEqual(['select', 'insert', 'read']);
  expect(chosen(SUBJECTS, [])).toEqual(SUBJECTS);
});
