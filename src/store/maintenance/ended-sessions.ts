// Clean-up of sessions, window by window: an index on their ends would be written at every refresh.
import { type SQL, sql } from 'drizzle-orm';
import { type Removed, ROWS_PER_STATEMENT } from '../../domain/maintenance/cleanup.ts';
import type { Db } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { moveTo, positionIn } from './positions.ts';

/** The sessions that one statement scans. A run looks at one window at least, so a million take an hour and a half. */
const WINDOW = 10_000;
/** A run goes on to the next window while it removes this many of one. */
const WORTH_GOING_ON = 100;

/** Removes the sessions that ended before a time. Each run goes on where the last one stopped, round after round. */
export function endedSessionsIn(db: Db): (before: number) => Promise<Removed> {
  let position: number | undefined;
  let removedOfWindow = 0;

  return async (before) => {
    position ??= (await positionIn(db, 'cleanup')).position;
    const { meta } = await db.delete(sessions).where(endedIn(position, before));
    removedOfWindow += meta.changes;
    if (meta.changes === ROWS_PER_STATEMENT) return { removed: meta.changes, more: true };
    const { last } = await positionIn(db, 'cleanup');
    position = position + WINDOW < last ? position + WINDOW : 0;
    await moveTo(db, 'cleanup', position);
    const more = position > 0 && removedOfWindow >= WORTH_GOING_ON;
    removedOfWindow = 0;
    return { removed: meta.changes, more };
  };
}

function endedIn(position: number, before: number): SQL {
  const ended = sql`(${sessions.expiresAt} < ${before} OR ${sessions.revokedAt} < ${before})`;
  return sql`rowid IN (SELECT rowid FROM ${sessions} WHERE rowid > ${position} AND rowid <= ${position + WINDOW}
    AND ${ended} LIMIT ${ROWS_PER_STATEMENT})`;
}
