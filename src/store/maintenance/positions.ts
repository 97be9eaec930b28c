// The position of a job that walks a table over several runs, in the order of its rowids.
import { sql } from 'drizzle-orm';
import type { Db } from '../d1/database.ts';
import { jobPositions } from '../d1/schema/jobs.ts';
import { sessions } from '../d1/schema/sessions.ts';

type WalkingJob = 'cleanup' | 'session-limits';

/** The rowid that a job has reached, and the last one of the sessions. */
export async function positionIn(
  db: Db,
  job: WalkingJob,
): Promise<{ readonly position: number; readonly last: number }> {
  const [row] = await db
    .select({
      position: sql<number>`coalesce((SELECT position FROM ${jobPositions} WHERE ${jobPositions.job} = ${job}), 0)`.as(
        'position',
      ),
      last: sql<number>`coalesce((SELECT max(rowid) FROM ${sessions}), 0)`.as('last'),
    })
    .from(sql`(SELECT 1)`);
  return row ?? { position: 0, last: 0 };
}

export const moveTo = (db: Db, job: WalkingJob, position: number) =>
  db
    .insert(jobPositions)
    .values({ job, position })
    .onConflictDoUpdate({
      target: jobPositions.job,
      set: { position },
      setWhere: sql`${jobPositions.position} <> ${position}`,
    });
