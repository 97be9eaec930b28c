// A request's access to D1: the primary where it decides, the nearest replica where a read may be a moment old.
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/d1';
import { type Meter, metered } from './metering.ts';

export type Db = ReturnType<typeof drizzle>;
/** A statement of a batch. It cannot be `db.run(sql…)`: Drizzle loses the parameters of those. */
export type Statement = BatchItem<'sqlite'>;

/** Adds work to start after the response is sent. */
export type Defer = (work: () => Promise<unknown>) => void;

export interface Database {
  readonly primary: Db;
  /** Any replica that has seen the client's bookmark. */
  readonly nearest: Db;
  /** Where the client's next read should start from; undefined if D1 was not called. */
  bookmark(): string | undefined;
}

const BOOKMARK = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/;

/**
 * Opens both sessions when they are first used. A malformed bookmark is ignored: local D1 accepts any, production
 * fails on it.
 */
export function openDatabase(d1: D1Database, clientBookmark: string | undefined, meter: Meter): Database {
  const start = clientBookmark && BOOKMARK.test(clientBookmark) ? clientBookmark : 'first-unconstrained';
  let primary: OpenSession | undefined;
  let nearest: OpenSession | undefined;
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

interface OpenSession {
  readonly session: D1DatabaseSession;
  readonly db: Db;
}

function open(d1: D1Database, start: string, meter: Meter): OpenSession {
  const session = d1.withSession(start);
  // Drizzle calls only `prepare` and `batch`; its type asks for all of D1Database.
  return { session, db: drizzle(metered(session, meter) as unknown as D1Database) };
}

/** D1's messages for a call that may or may not have taken effect. The platform retries reads, and never writes. */
const CONNECTION_LOST = /Network connection lost|storage caused object to be reset|reset because its code was updated/;
const MAX_ATTEMPTS = 3;

/** Retries an idempotent call while D1 loses it. `call` is told whether an earlier attempt may have taken effect. */
export async function retried<T>(call: (attempt: 'first' | 'retry') => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt === 1 ? 'first' : 'retry');
    } catch (error) {
      const message = String(error instanceof Error ? (error.cause ?? error) : error);
      if (attempt === MAX_ATTEMPTS || !CONNECTION_LOST.test(message)) throw error;
    }
  }
}
