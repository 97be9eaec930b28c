// The input of the simulation: costs of operations as D1 and the bench report them, limits and prices as Cloudflare
// documents them (November 2026).

/** Of one operation: D1 rows, KV writes, Worker CPU, and the time in which a database does nothing else. */
export interface Cost {
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly kvWrites: number;
  readonly cpuMs: number;
  /**
   * Milliseconds of one database's single thread: documented as "under 1 ms" for a read and "several ms" for a write.
   */
  readonly primaryMs: number;
}

export const OPERATIONS = {
  login: { rowsRead: 10, rowsWritten: 9, kvWrites: 1, cpuMs: 46, primaryMs: 4 },
  refresh: { rowsRead: 3, rowsWritten: 2, kvWrites: 1, cpuMs: 2.4, primaryMs: 2 },
  /** A call with an access token: its account is read from a replica. */
  call: { rowsRead: 1, rowsWritten: 0, kvWrites: 0, cpuMs: 1.2, primaryMs: 0 },
} as const satisfies Readonly<Record<string, Cost>>;

export type Operation = keyof typeof OPERATIONS;

/** Bytes of an account in D1: its rows and indexes, three sessions, 90 days of events. */
export const BYTES_PER_ACCOUNT = 3_000;
/** Bytes of a refresh token in KV. */
export const BYTES_PER_TOKEN = 170;

export const LIMITS = {
  /** The largest size of one D1 database. */
  databaseBytes: 10e9,
  /** A database that is busier than this makes requests wait for each other. */
  busy: 0.7,
  /** Requests a second that one Durable Object is documented to serve. */
  objectPerSecond: 1_000,
} as const;

/** Dollars a month on Workers Paid: the included amounts, and the price of a million more. */
export const PRICES = {
  requests: { included: 10e6, perMillion: 0.3 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  kvWrites: { included: 1e6, perMillion: 5 },
  objectRequests: { included: 1e6, perMillion: 0.15 },
  /** GB-seconds: 128 MB while a request is being answered. */
  objectDuration: { included: 400_000, perMillion: 12.5 },
} as const;

/** Dollars a GB and month. */
export const STORAGE_PRICES = { d1: 0.75, kv: 0.5, object: 0.2 } as const;
export const PLAN = 5;

/** Milliseconds of a round trip to a primary in western Europe, and to a store near the client. */
export const ROUND_TRIPS = { Europe: 15, 'North America': 95, Asia: 180, 'South America': 200 } as const;
export const NEAR_MS = 5;
