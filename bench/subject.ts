// The subjects of the benchmark: one request sent repeatedly, the subjects it is compared with, and the required
// ratios.

/** One request, sent by each connection in turn; `{n}` in a body becomes a number that no other request has. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** In place of `path`, one of these for each request, drawn at random. */
  readonly paths?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Connection `i` takes the one at `i`, modulo their number. */
  readonly senders?: readonly Sender[];
  /** A field of each answer that is copied into the connection's next body, as a client does with refresh tokens. */
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
  /** Requests a second, due whether answers come or not; where absent, each is sent after an answer. */
  readonly rate?: number | undefined;
  /** Made anew for each round: tokens are short-lived and refresh tokens are used up. */
  shot(origin: string): Promise<Shot> | Shot;
  readonly against?: readonly Against[];
}

/** Another subject of the same round, and the least ratio. */
export interface Against {
  readonly name: string;
  readonly as: 'limit' | 'peer';
  readonly atLeast: number;
  /** `rate`: requests a second, this over that. `cpu`, `p50`: CPU a request, or its median latency, that over this. */
  readonly by?: 'rate' | 'cpu' | 'p50';
}

export type ServerName =
  | 'limits'
  | 'ours'
  | 'other'
  | 'small'
  | 'large'
  | 'access'
  | 'distance'
  | 'refusing'
  | 'peer'
  | 'peer-cached'
  | 'peer-scripted';

/** The result of one measurement. Milliseconds, from when a request was due where there was a rate. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU that workerd spent on a request; undefined where the system doesn't tell. */
  readonly cpu: number | undefined;
  readonly requests: number;
  readonly failed: number;
  /** Those among the failed that got no answer. */
  readonly unanswered: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
};

/** Subjects whose name has one of the parts, or all without parts; with the subjects that they are compared with. */
export function chosen(all: readonly Subject[], parts: readonly string[]): readonly Subject[] {
  const wanted = all.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  const beside = new Set(wanted.flatMap(({ against = [] }) => against.map(({ name }) => name)));
  return all.filter((subject) => wanted.includes(subject) || beside.has(subject.name));
}

/**
 * The order of a round: the subjects that one is compared with come just before it, under the same load of the machine.
 */
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
