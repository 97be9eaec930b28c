// Marks sessions that ended all at once, a bounded number at a time.
import type { SessionEndings } from '../../domain/maintenance/session-endings.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { sessionEndings } from '../d1/schema/sessions.ts';
import { markEnded } from './mass-ending.ts';

export const sessionEndingsIn = ({ primary: db }: Database): SessionEndings => ({
  async next() {
    const [row] = await db.select({ accountId: sessionEndings.accountId }).from(sessionEndings).limit(1);
    return row?.accountId;
  },

  async mark(accountId) {
    const { marked } = await batchOf(db, markEnded(db, accountId));
    return marked.meta.changes;
  },
});
