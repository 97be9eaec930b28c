// The requests of one connection: the parts in which one differs from the last.
import { randomFrom } from '../random.ts';
import type { Sender, Shot } from '../subject.ts';

interface Outgoing {
  readonly path: string;
  readonly body?: string;
}

export interface Requests {
  readonly method: Shot['method'];
  readonly headers: Readonly<Record<string, string>>;
  /** Whether one request differs from another. */
  readonly vary: boolean;
  next(): Outgoing;
  /** Takes the token of the next request from this answer; absent where the shot has no chain. */
  readonly answered?: (status: number, body: string) => void;
}

let sent = 0;
const numbered = (body: string): string =>
  body.includes('{n}') ? body.replaceAll('{n}', `${process.pid}x${sent++}`) : body;

/** Draws the same paths at every run. */
const random = randomFrom(1);

function requestsOf({ method, path, paths, headers, chain }: Shot, sender: Sender): Requests {
  let { body } = sender;
  return {
    method,
    headers: {
      ...headers,
      ...sender.headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    vary: paths !== undefined || chain !== undefined || body?.includes('{n}') === true,
    next: () => ({
      path: paths?.[Math.floor(random() * paths.length)] ?? path,
      ...(body === undefined ? {} : { body: numbered(body) }),
    }),
    ...(chain === undefined
      ? {}
      : {
          answered(status, answer) {
            if (status === 200) body = JSON.stringify({ [chain]: JSON.parse(answer)[chain] });
          },
        }),
  };
}

/** `connections` connections, with the senders in turn; in a chain no two connections have the same token. */
export function connectionsOf(shot: Shot, connections: number): readonly Requests[] {
  const { senders = [{}], chain } = shot;
  const count = chain === undefined ? connections : Math.min(connections, senders.length);
  return Array.from({ length: count }, (_, i) => requestsOf(shot, senders[i % senders.length] ?? {}));
}
