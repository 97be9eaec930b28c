// One request's way to D1: the primary where it decides, the nearest replica where a read may be a moment old.
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/d1';
import { type Meter, metered } from './metering.ts';

export type Db = ReturnType<typeof drizzle>;
/** A statement for `db.batch`, the only transaction D1 has. It can't be `db.run(sql…)`: Drizzle loses the parameters of those. */
export type Statement = BatchItem<'sqlite'>;

/** Starts work that nobody waits for, once the answer is on its way. */
export type Defer = (work: () => Promise<unknown>) => void;

export interface Database {
  readonly primary: Db;
  /** Any replica that has seen the client's bookmark. */
  readonly nearest: Db;
  /** Where the client's next read should start from; undefined where D1 was not asked. */
  bookmark(): string | undefined;
}

const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

/** Opens both ways lazily; `meter` is told what they cost. A bookmark that is not well-formed is ignored: local D1 takes any, production fails on garbage. */
export function openDatabase(d1: D1Database, clientBookmark: string | undefined, meter: Meter): Database {
  const start = clientBookmark && BOOKMARK.test(clientBookmark) ? clientBookmark : 'first-unconstrained';
  let primary: Opened | undefined;
  let nearest: Opened | undefined;
  return {
    get primary() {
      primary ??= open(d1, 'first-primary', meter);
      return primary.db;
    },
    get nearest() {
      nearest ??= open(d1, start, meter);
      return nearest.db;
    },
    bookmark: () => (primary ?? nearest)?.session.getBookmark() ?? undefined,
  };
}

interface Opened {
  readonly session: D1DatabaseSession;
  readonly db: Db;
}

function open(d1: D1Database, start: string, meter: Meter): Opened {
  const session = d1.withSession(start);
  // Drizzle calls only `prepare` and `batch`; its type asks for all of D1Database.
  return { session, db: drizzle(metered(session, meter) as unknown as D1Database) };
}

/** The unique index of ours that a failed write ran into, such as `accounts.email_key`; undefined for any other error. */
export function violatedUnique(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const column = /UNIQUE constraint failed: ([\w.]+)/.exec(cause.message)?.[1];
    if (column) return column;
  }
  return undefined;
}

/** D1's words for a call that may or may not have taken effect; the platform repeats reads by itself, and never writes. */
const LOST = /Network connection lost|storage caused object to be reset|reset because its code was updated/;
const MOST_ATTEMPTS = 3;

/** Repeats what is safe to repeat while D1 loses it. `attempt` is told whether an earlier one may have taken effect. */
export async function repeated<T>(attempt: (again: 'first' | 'again') => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(tried === 1 ? 'first' : 'again');
    } catch (error) {
      if (tried === MOST_ATTEMPTS || !LOST.test(String(error instanceof Error ? (error.cause ?? error) : error)))
        throw error;
    }
  }
}
