// What the benchmark measures: a subject is one request sent again and again, what it is held against, and how near it must come.

/** One request, sent by each connection in turn; `{n}` in a body becomes a number that no other request has. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Connection `i` takes the one at `i`, or starts over where there are fewer. */
  readonly senders?: readonly Sender[];
  /** A field of each answer that is the same field of the connection's next body: how a refresh token follows another. */
  readonly chain?: string;
}

export interface Sender {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Subject {
  readonly name: string;
  readonly server: ServerName;
  readonly connections: number;
  /** Made anew for each round: tokens are short-lived and refresh tokens are spent. */
  shot(origin: string): Promise<Shot> | Shot;
  readonly against?: readonly Against[];
}

/** Another subject of the same round, and the least that this one's requests a second, or its CPU, must come to. */
export interface Against {
  readonly name: string;
  readonly as: 'limit' | 'peer';
  readonly atLeast: number;
  /** `rate`: requests a second, this over that. `cpu`: CPU a request, that over this. */
  readonly by?: 'rate' | 'cpu';
}

export type ServerName = 'limits' | 'ours' | 'access' | 'distance' | 'peer' | 'peer-cached' | 'peer-scripted';

/** What one measurement saw. Milliseconds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU that workerd spent on a request; undefined where the system doesn't tell. */
  readonly cpu: number | undefined;
  readonly requests: number;
  readonly failed: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
};
