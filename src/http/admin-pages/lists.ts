// Lists on pages: a page of items from the cursor in the address, or from the start.
import type { Page } from '../../domain/page.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { cursorAt } from '../../domain/tokens/cursor.ts';
import { type CursorPage, readPage } from '../shapes/paging.ts';
import type { Call } from './pages.ts';

interface ListPage<T> extends CursorPage<T> {
  readonly isFirst: boolean;
}

/** The page at the cursor in the address. A cursor of another query is ignored. */
export async function listPage<T>(
  { c, ports }: Call,
  scope: string,
  read: (after: string | undefined) => Promise<Page<T>>,
): Promise<ListPage<T>> {
  const { keys } = ports.issuer;
  const cursor = c.req.query('cursor') || undefined;
  const page = await readPage(keys, scope, cursor, read);
  if (!isRefusal(page)) return { ...page, isFirst: cursor === undefined };
  const { items, next } = await read(undefined);
  return { items, nextCursor: await cursorAt(keys, scope, next), isFirst: true };
}
