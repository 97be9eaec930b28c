// Search terms of an entity: the words of its code, its type and the values of its attributes, in any case.
import { foldKey } from '../accounts/names.ts';
import type { EntityChange } from './entity.ts';

/** A longer term is cut: people do not search for the rest, which would enlarge the index. */
const MAX_TERM_LENGTH = 64;

/**
 * The first distinct terms of an entity are indexed: its code's, its type's, its attributes'. The triggers that index
 * them (drizzle/0009) have the same number, so more terms of one field are never used.
 */
const MAX_ENTITY_TERMS = 250;

/** Terms by the field they come from, so that a change of one field leaves the terms of the others. */
export type EntityTerms = { readonly [K in 'code' | 'type' | 'attributes']: readonly string[] };

/**
 * A term is a run of characters without white space. Where a run has punctuation, its runs of letters and digits are
 * terms as well: `Wool-mix, 100%` has the terms `wool-mix,`, `wool`, `mix`, `100%` and `100`.
 */
export function termsOf(texts: readonly string[]): readonly string[] {
  const terms = texts.flatMap(runsOf).flatMap((run) => [run, ...(run.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])]);
  return [...new Set(terms.map(shortened))].slice(0, MAX_ENTITY_TERMS);
}

/** The terms of a search: each run of characters as it is, punctuation included. */
export const searchTerms = (search: string): readonly string[] => [...new Set(runsOf(search).map(shortened))];

const runsOf = (text: string): readonly string[] =>
  foldKey(text.toWellFormed())
    .split(/[\s\p{Cc}]+/u)
    .filter((run) => run !== '');

const shortened = (term: string): string =>
  term.length <= MAX_TERM_LENGTH ? term : [...term].slice(0, MAX_TERM_LENGTH).join('');

/** The terms of the fields that are given. */
export const entityTerms = ({ code, type, attributes }: EntityChange): Partial<EntityTerms> => ({
  ...(code === undefined ? {} : { code: termsOf([code]) }),
  ...(type === undefined ? {} : { type: termsOf([type]) }),
  ...(attributes === undefined ? {} : { attributes: termsOf(textsIn(attributes)) }),
});

/** Every value that is not an object, an array or null, as text. */
function textsIn(value: unknown): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [String(value)];
}
