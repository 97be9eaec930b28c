// A list with a range of quantities is sorted by quantity, unless the query asks for another order.
import { describe, expect, it } from 'vitest';
import { defaultSort, type EntityFilters, type SortKey } from '../../../src/domain/entities/query.ts';

describe('a list is sorted', () => {
  it.each<[string, EntityFilters, SortKey]>([
    ['no filter', {}, 'id'],
    ['a type', { type: 'hat' }, 'id'],
    ['an owner', { ownerId: 7 }, 'id'],
    ['a least quantity', { minQuantity: 1 }, 'quantity'],
    ['a greatest quantity', { maxQuantity: 1 }, 'quantity'],
    ['a least quantity of none', { minQuantity: 0 }, 'quantity'],
    ['a range of quantities', { minQuantity: 1, maxQuantity: 2 }, 'quantity'],
    ['a type and a quantity', { type: 'hat', maxQuantity: 2 }, 'quantity'],
    ['an owner and a quantity', { ownerId: 7, maxQuantity: 2 }, 'quantity'],
    ['a code and a quantity', { code: 'A', minQuantity: 1 }, 'id'],
    ['search terms', { terms: ['red'] }, 'id'],
    ['search terms and a quantity', { terms: ['red'], minQuantity: 1 }, 'id'],
  ])('by %s, upwards', (_, filters, key) => {
    expect(defaultSort(filters)).toEqual({ key, descending: false });
  });
});
