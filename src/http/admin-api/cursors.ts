// The cursors of the administration's lists: each holds for its own query alone.

import type { Page } from '../../domain/page.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { cursorAt, positionAt } from '../../domain/tokens/cursor.ts';
import type { Keys } from '../../domain/tokens/keys.ts';

/** Reads the page behind `cursor` of the query that `seal` stands for, and answers it with the cursor of the next one. */
export async function pageBehind<T>(
  keys: Keys,
  seal: string,
  cursor: string | undefined,
  read: (after: string | undefined) => Promise<Page<T>>,
): Promise<readonly [Page<T>, string | null] | Refusal<'invalid_cursor'>> {
  const after = cursor === undefined ? undefined : await positionAt(keys, seal, cursor);
  if (isRefusal(after)) return after;
  const page = await read(after);
  return [page, page.next === undefined ? null : await cursorAt(keys, seal, page.next)];
}
