// Our operations, each with the limit and the peer it is held against, and how near it must come (docs/performance.md).
import type { Against, Sender, Shot, Subject } from '../subject.ts';
import { call, each, newPerson, type Pair, type Person } from './client.ts';
import { CONNECTIONS, IDLE_RATE, PASSWORD_CONNECTIONS } from './limits.ts';

const limit = (name: string, atLeast: number): Against => ({ name, as: 'limit', atLeast });
const peer = (name: string, atLeast: number): Against => ({ name, as: 'peer', atLeast });
/** CPU within 1.15 times one bare hash, and rates over better-auth's own. */
const ONE_HASH: readonly Against[] = [
  { name: 'Argon2id', as: 'limit', atLeast: 1 / 1.15, by: 'cpu' },
  peer('better-auth sign-in', 2.2),
  peer('better-auth sign-in, scrypt in JavaScript', 6),
];

type People = readonly Person[];
const people = new Map<string, People>();

/** The same people for every round, on each server. */
async function peopleOf(origin: string): Promise<People> {
  const known = people.get(origin) ?? (await each(CONNECTIONS, () => register(origin)));
  people.set(origin, known);
  return known;
}

async function register(origin: string): Promise<Person> {
  const person = newPerson();
  await call(`${origin}/api/register`, person);
  return person;
}

const pairs = async (origin: string): Promise<readonly Pair[]> => {
  const known = await peopleOf(origin);
  return each(CONNECTIONS, async (i) => (await call<Pair>(`${origin}/api/login`, known[i])).body);
};

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const withAccessTokens = async (origin: string, shot: Shot, body?: string): Promise<Shot> => ({
  ...shot,
  senders: (await pairs(origin)).map(({ access_token }) => ({
    headers: bearer(access_token),
    ...(body === undefined ? {} : { body }),
  })),
});

async function withSessionTokens(origin: string, shot: Shot): Promise<Shot> {
  const known = await peopleOf(origin);
  const senders = await each(CONNECTIONS, async (i): Promise<Sender> => {
    const { body } = await call<{ auth_token: string }>(`${origin}/auth/login`, known[i]);
    return { headers: bearer(body.auth_token) };
  });
  return { ...shot, senders };
}

export const entityBody = (code: string = crypto.randomUUID()) => ({
  code,
  type: 'bench',
  quantity: 1,
  attributes: { colour: 'blue' },
});

export async function addEntity(origin: string, token: string): Promise<number> {
  return (await call<{ id: number }>(`${origin}/entities`, entityBody(), bearer(token))).body.id;
}

/** A game of a thousand stamps, ten goals and five. */
export async function addGame(origin: string, token: string): Promise<string> {
  const stamps = Array.from({ length: 1000 }, (_, i) => ({
    offset: i * 10,
    score: { home: Math.floor(i / 100), away: Math.floor(i / 200) },
  }));
  return (await call<{ id: string }>(`${origin}/games`, { stamps }, bearer(token))).body.id;
}

/** An entity to read, and nineteen more to list. */
async function anEntity(origin: string): Promise<number> {
  const token = await aToken(origin);
  const [id = 0] = await each(20, () => addEntity(origin, token));
  return id;
}

const aToken = async (origin: string): Promise<string> => (await pairs(origin))[0]?.access_token ?? '';

const refreshChain = async (origin: string): Promise<Shot> => ({
  method: 'POST',
  path: '/api/refresh',
  chain: 'refresh_token',
  senders: (await pairs(origin)).map(({ refresh_token }) => ({ body: JSON.stringify({ refresh_token }) })),
});

/**
 * Within 1.3 times the update alone, and, since Miniflare's KV slows whatever comes after a put, the update with one.
 */
const IDLE_REFRESH = ['update returning, idle', 'update returning + put, idle'].map((name) => ({
  ...limit(name, 1 / 1.3),
  by: 'p50' as const,
}));

const ours = (
  name: string,
  against: readonly Against[],
  shot: Subject['shot'],
  connections = CONNECTIONS,
): Subject => ({
  name,
  server: 'ours',
  connections,
  shot,
  against,
});

export const ourSubjects: readonly Subject[] = [
  {
    ...ours(
      'access check alone',
      [limit('verify', 0.85), peer('better-auth get-session', 10), peer('better-auth get-session, cookie cache', 3)],
      (origin) => withAccessTokens(origin, { method: 'GET', path: '/bench/access' }),
    ),
    server: 'access',
  },
  ours('GET /api/me', [limit('verify + select', 0.85), peer('better-auth get-session', 2)], (origin) =>
    withAccessTokens(origin, { method: 'GET', path: '/api/me' }),
  ),
  ours('GET /auth/status', [limit('verify + select', 0.8), peer('better-auth get-session', 1.9)], (origin) =>
    withSessionTokens(origin, { method: 'GET', path: '/auth/status' }),
  ),
  ours('POST /api/refresh', [limit('update returning + put', 0.8)], refreshChain),
  { ...ours('POST /api/refresh, idle', IDLE_REFRESH, refreshChain, 1), rate: IDLE_RATE },
  ours(
    'POST /api/login',
    ONE_HASH,
    async (origin) => ({
      method: 'POST',
      path: '/api/login',
      senders: (await peopleOf(origin)).map(({ email, password }) => ({ body: JSON.stringify({ email, password }) })),
    }),
    PASSWORD_CONNECTIONS,
  ),
  ours(
    'POST /api/register',
    [...ONE_HASH.slice(0, 1), peer('better-auth sign-up', 1)],
    () => ({
      method: 'POST',
      path: '/api/register',
      senders: [{ body: JSON.stringify({ email: '{n}@example.com', password: 'correct horse' }) }],
    }),
    PASSWORD_CONNECTIONS,
  ),
  ours('GET /entities/{id}, token', [limit('select of an entity', 0.8)], async (origin) =>
    withAccessTokens(origin, { method: 'GET', path: `/entities/${await anEntity(origin)}` }),
  ),
  ours(
    'GET /entities/{id}, anonymous',
    [{ name: 'GET /entities/{id}, token', as: 'limit', atLeast: 1.8 }],
    async (origin) => ({
      method: 'GET',
      path: `/entities/${await anEntity(origin)}`,
    }),
  ),
  ours('GET /entities?limit=20, token', [limit('select of 20 entities', 0.8)], async (origin) => {
    await anEntity(origin);
    return withAccessTokens(origin, { method: 'GET', path: '/entities?limit=20' });
  }),
  ours('POST /entities', [limit('insert', 0.8)], (origin) =>
    withAccessTokens(origin, { method: 'POST', path: '/entities' }, JSON.stringify(entityBody('{n}'))),
  ),
  ours('GET /games/{id}/score', [limit('select', 0.8)], async (origin) => ({
    method: 'GET',
    path: `/games/${await addGame(origin, await aToken(origin))}/score?offset=5005`,
  })),
];
