// Where the lists on pages start and go on; a seal is the query, which a cursor belongs to.

import { isRefusal } from '../../domain/refusal.ts';
import { cursorAt, positionAt } from '../../domain/tokens/cursor.ts';
import type { Call } from './pages.ts';

/** The position behind the cursor in the address; undefined where there is none or it is another query's: then at the top. */
export async function startOf({ c, ports }: Call, seal: string): Promise<string | undefined> {
  const cursor = c.req.query('cursor');
  const position = cursor ? await positionAt(ports.issuer.keys, seal, cursor) : undefined;
  return isRefusal(position) ? undefined : position;
}

export const cursorFor = async (
  { ports }: Call,
  seal: string,
  next: string | undefined,
): Promise<string | undefined> => (next === undefined ? undefined : cursorAt(ports.issuer.keys, seal, next));
