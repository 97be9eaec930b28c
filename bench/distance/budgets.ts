// The round trips that each operation may wait for where storage is far away.
import { newPerson, type Pair, type Person } from '../subjects/client.ts';
import { entityBody } from '../subjects/entities.ts';

export interface Waited {
  readonly milliseconds: number;
  readonly stores: readonly string[];
}

/**
 * Round trips that an answer may wait for, and the milliseconds that they may add up to: a tenth over the distance
 * itself.
 */
interface Budget {
  readonly name: string;
  readonly d1: number;
  readonly milliseconds: number;
  ask(client: Asking): Promise<Waited>;
}

export interface Asking {
  /** A new person, with an account. */
  person(): Promise<Person>;
  pair(): Promise<Pair>;
  sessionToken(): Promise<string>;
  entity(): Promise<number>;
  game(): Promise<string>;
  send(path: string, body?: unknown, token?: string): Promise<Waited>;
}

const PRIMARY = 110;
const REPLICA = 10;

export const BUDGETS: readonly Budget[] = [
  {
    name: 'access check alone',
    d1: 0,
    milliseconds: 0,
    ask: async ({ send, pair }) => send('/bench/access', undefined, (await pair()).access_token),
  },
  { name: 'POST /api/register', d1: 1, milliseconds: PRIMARY, ask: ({ send }) => send('/api/register', newPerson()) },
  {
    name: 'POST /api/login',
    d1: 2,
    milliseconds: 2 * PRIMARY,
    ask: async ({ send, person }) => send('/api/login', await person()),
  },
  {
    name: 'POST /api/refresh',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/api/refresh', { refresh_token: (await pair()).refresh_token }),
  },
  {
    name: 'POST /api/logout',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/api/logout', { refresh_token: (await pair()).refresh_token }),
  },
  {
    name: 'GET /api/me',
    d1: 1,
    milliseconds: REPLICA,
    ask: async ({ send, pair }) => send('/api/me', undefined, (await pair()).access_token),
  },
  {
    name: 'GET /auth/status',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, sessionToken }) => send('/auth/status', undefined, await sessionToken()),
  },
  {
    name: 'GET /entities/{id}, token',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, entity, pair }) => send(`/entities/${await entity()}`, undefined, (await pair()).access_token),
  },
  {
    name: 'GET /entities/{id}, anonymous',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, entity }) => send(`/entities/${await entity()}`),
  },
  {
    name: 'GET /entities?limit=20',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/entities?limit=20', undefined, (await pair()).access_token),
  },
  {
    name: 'POST /entities',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/entities', entityBody(), (await pair()).access_token),
  },
  {
    name: 'GET /games/{id}/score',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, game }) => send(`/games/${await game()}/score?offset=5005`),
  },
];
