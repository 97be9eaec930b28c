// What a search finds an entity by: the words of its code, its type and its attributes' values, in any case.
import { foldKey } from '../accounts/account.ts';
import type { EntityChange } from './entity.ts';

/** A longer word is found by its beginning: the rest of it is noise to people and a cost to the index. */
const MAX_WORD_LENGTH = 64;

/** The words by the field they come from, so that a change of one field leaves those of the others. */
export type EntityWords = { readonly [K in 'code' | 'type' | 'attributes']: readonly string[] };

/**
 * A word is a run of characters without white space; where that has punctuation in it, its runs of letters and digits
 * are words as well. So `Wool-mix, 100%` is found by `wool-mix,`, `wool`, `mix`, `100%` and `100`.
 */
export function wordsOf(texts: readonly string[]): readonly string[] {
  return [
    ...new Set(
      texts
        .flatMap(runsOf)
        .flatMap((run) => [run, ...(run.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])])
        .map(shortened),
    ),
  ];
}

/** The words that a search asks for: all of them must be found, each as it stands, whatever characters it has. */
export const searchedWords = (search: string): readonly string[] => [...new Set(runsOf(search).map(shortened))];

const runsOf = (text: string): readonly string[] =>
  foldKey(text.toWellFormed())
    .split(/[\s\p{Cc}]+/u)
    .filter((run) => run !== '');

const shortened = (word: string): string =>
  word.length <= MAX_WORD_LENGTH ? word : [...word].slice(0, MAX_WORD_LENGTH).join('');

/** The words of what is given of an entity. */
export const entityWords = ({ code, type, attributes }: EntityChange): Partial<EntityWords> => ({
  ...(code === undefined ? {} : { code: wordsOf([code]) }),
  ...(type === undefined ? {} : { type: wordsOf([type]) }),
  ...(attributes === undefined ? {} : { attributes: wordsOf(textsIn(attributes)) }),
});

/** Every value that is not an object, an array or null, as text. */
function textsIn(value: unknown): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [String(value)];
}
