// Our operations, each with the limit and the peer it is compared with, and the required ratios (docs/performance.md).
import type { Against, Shot, Subject } from '../subject.ts';
import { AN_ENTITY, addGame, entityBody, entityPaths } from './entities.ts';
import { CONNECTIONS, IDLE_RATE, PASSWORD_CONNECTIONS } from './limits.ts';
import { aToken, pairs, peopleOf, withAccessTokens, withSessionTokens } from './people.ts';

const limit = (name: string, atLeast: number): Against => ({ name, as: 'limit', atLeast });
const peer = (name: string, atLeast: number): Against => ({ name, as: 'peer', atLeast });
/** CPU within 1.15 times one bare hash, and rates over better-auth's own. */
const ONE_HASH: readonly Against[] = [
  { name: 'Argon2id', as: 'limit', atLeast: 1 / 1.15, by: 'cpu' },
  peer('better-auth sign-in', 2.2),
  peer('better-auth sign-in, scrypt in JavaScript', 6),
];

const refreshChain = async (origin: string): Promise<Shot> => ({
  method: 'POST',
  path: '/api/refresh',
  chain: 'refresh_token',
  senders: (await pairs(origin)).map(({ refresh_token }) => ({ body: JSON.stringify({ refresh_token }) })),
});

/** Within 1.3 times the update alone, and, since Miniflare's KV slows the requests after a put, the update with one. */
const IDLE_REFRESH = ['update of a session, idle', 'update of a session + put, idle'].map((name) => ({
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
  ours('POST /api/refresh', [limit('update of a session + put', 0.8)], refreshChain),
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
  ours('GET /entities/{id}, token', [limit('select of an entity', 0.8)], (origin) =>
    withAccessTokens(origin, { method: 'GET', path: AN_ENTITY }),
  ),
  ours(
    'GET /entities/{id}, anonymous',
    [{ name: 'GET /entities/{id}, token', as: 'limit', atLeast: 1.8 }, limit('select of an entity', 0.8)],
    () => ({ method: 'GET', path: AN_ENTITY }),
  ),
  ...[1000, 10_000].map((keys) =>
    ours(`GET /entities/{id}, anonymous, ${keys} keys`, [limit(`select of an entity, ${keys} keys`, 0.8)], () => ({
      method: 'GET',
      path: AN_ENTITY,
      paths: entityPaths(keys),
    })),
  ),
  ours('GET /entities?limit=20, token', [limit('select of 20 entities', 0.8)], (origin) =>
    withAccessTokens(origin, { method: 'GET', path: '/entities?limit=20' }),
  ),
  ours('POST /entities', [limit('insert of an entity', 0.8)], (origin) =>
    withAccessTokens(origin, { method: 'POST', path: '/entities' }, JSON.stringify(entityBody('{n}'))),
  ),
  ours('GET /games/{id}/score', [limit('select', 0.8)], async (origin) => ({
    method: 'GET',
    path: `/games/${await addGame(origin, await aToken(origin))}/score?offset=5005`,
  })),
];
