// A page shows its limit, and names a next one where there is more.
import { expect, it } from 'vitest';
import { setWithLimit } from '../../src/domain/map-with-limit.ts';
import { pageOf } from '../../src/domain/page.ts';
import { isRefusal, refuse } from '../../src/domain/refusal.ts';

it.each([
  [[], [], undefined],
  [[1], [1], undefined],
  [[1, 2], [1, 2], undefined],
  [[1, 2, 3], [1, 2], 'after 2'],
])('the page of two from %j is %j, and the next is %j', (rows, items, next) => {
  expect(pageOf(rows, 2, (row) => `after ${row}`)).toEqual({ items, next });
});

it('a map with a limit forgets what was set first, and counts a key once', () => {
  const map = new Map<string, number>();
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    setWithLimit(map, key, value, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

it('an answer with the fields of a refusal is none', () => {
  const refusal = refuse('password_too_short', { minimum: 6 });
  expect(isRefusal(refusal)).toBe(true);
  expect({ ...refusal }).toEqual(refusal);
  expect(isRefusal({ ...refusal, more: 1 })).toBe(true);
  for (const answer of [
    { refused: 'forbidden' },
    JSON.parse(JSON.stringify(refusal)),
    null,
    undefined,
    'forbidden',
    [],
  ])
    expect(isRefusal(answer)).toBe(false);
});
