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
  /** Requests a second at most: what is left over is idle. As many as are answered where it is absent. */
  readonly rate?: number;
  /** Made anew for each round: tokens are short-lived and refresh tokens are spent. */
  shot(origin: string): Promise<Shot> | Shot;
  readonly against?: readonly Against[];
}

/** Another subject of the same round, and the least that their ratio must come to. */
export interface Against {
  readonly name: string;
  readonly as: 'limit' | 'peer';
  readonly atLeast: number;
  /** `rate`: requests a second, this over that. `cpu`, `p50`: CPU a request, or its median latency, that over this. */
  readonly by?: 'rate' | 'cpu' | 'p50';
}

export type ServerName = 'limits' | 'ours' | 'large' | 'access' | 'distance' | 'peer' | 'peer-cached' | 'peer-scripted';

/** What one measurement saw. Milliseconds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
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

/** The order of a round: whatever a subject is held against comes just before it, so that both meet the machine in one mood. */
export function inTurn(subjects: readonly Subject[]): readonly Subject[] {
  const turns = new Set<Subject>();
  const add = (subject: Subject): void => {
    for (const { name } of subject.against ?? [])
      for (const other of subjects) if (other.name === name && !turns.has(other)) add(other);
    turns.add(subject);
  };
  for (const subject of subjects.filter(({ against }) => against)) add(subject);
  for (const subject of subjects) turns.add(subject);
  return [...turns];
}
