// Lists are offered where an index bounds them, and a refusal names the sorts that would do.
import { describe, expect, it } from 'vitest';
import {
  defaultSort,
  type EntityFilters,
  refuseUnbounded,
  SORT_KEYS,
  type SortKey,
} from '../../../src/domain/entities/query.ts';

describe.each<[string, EntityFilters, readonly SortKey[]]>([
  ['no filter', {}, SORT_KEYS],
  ['a type', { type: 'hat' }, ['id', 'created_at', 'quantity']],
  ['an owner', { ownerId: 7 }, ['id', 'created_at', 'updated_at']],
  ['an owner and a type', { ownerId: 7, type: 'hat' }, ['id', 'created_at']],
  ['a quantity', { minQuantity: 1 }, ['quantity']],
  ['a range of quantities', { minQuantity: 1, maxQuantity: 2 }, ['quantity']],
  ['a type and a quantity', { type: 'hat', maxQuantity: 2 }, ['quantity']],
  ['an owner and a quantity', { ownerId: 7, maxQuantity: 2 }, []],
  ['search terms', { terms: ['red'] }, ['id', 'created_at']],
  [
    'search terms and every other filter',
    { terms: ['red'], type: 'a', ownerId: 7, minQuantity: 0 },
    ['id', 'created_at'],
  ],
  ['a code', { code: 'A' }, SORT_KEYS],
  ['a code and every other filter', { code: 'A', type: 'a', ownerId: 7, minQuantity: 0, terms: ['red'] }, SORT_KEYS],
])('a list by %s', (_, filters, offered) => {
  it(`is sorted by ${offered.join(', ') || 'nothing'} alone`, () => {
    const sorts = SORT_KEYS.filter((key) => !refuseUnbounded(filters, { key, descending: false }));
    expect(sorts).toEqual(SORT_KEYS.filter((key) => offered.includes(key)));
    for (const key of SORT_KEYS)
      expect(refuseUnbounded(filters, { key, descending: true })).toEqual(
        refuseUnbounded(filters, { key, descending: false }),
      );
  });

  it('is sorted in a way that is offered where none is asked for', () => {
    if (offered.length === 0) return;
    expect(offered).toContain(defaultSort(filters).key);
    expect(defaultSort(filters).descending).toBe(false);
  });
});

it('a refusal names each filter that the sort does not go with, and the sorts that do', () => {
  const refusal = refuseUnbounded({ type: 'hat', ownerId: 7 }, { key: 'code', descending: false });
  expect(refusal).toMatchObject({
    refused: 'unsupported_query',
    errors: [
      { path: 'type', message: 'goes with sort=id, created_at, quantity only, not with code' },
      { path: 'ownerId', message: 'goes with sort=id, created_at, updated_at only, not with code' },
    ],
  });
  expect(refuseUnbounded({ minQuantity: 1 }, { key: 'id', descending: false })).toMatchObject({
    errors: [{ path: 'minQuantity' }],
  });
});

it('a range of quantities is sorted by quantity', () => {
  expect(defaultSort({ minQuantity: 1 }).key).toBe('quantity');
  expect(defaultSort({ type: 'hat', maxQuantity: 1 }).key).toBe('quantity');
  for (const filters of [{}, { type: 'hat' }, { code: 'A', minQuantity: 1 }, { terms: ['red'], minQuantity: 1 }])
    expect(defaultSort(filters).key).toBe('id');
});
