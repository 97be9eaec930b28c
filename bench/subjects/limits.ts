// The limits of the runtime, each a route written by hand in workers/limits.ts.
import type { Secrets } from '../../scripts/key-set.ts';
import { signToken } from '../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../src/domain/tokens/keys.ts';
import type { Shot, Subject } from '../subject.ts';
import { call, each } from './client.ts';
import { AN_ENTITY, entityBody, entityPaths } from './entities.ts';

/** `CONNECTIONS` keeps workerd busy; more would only queue. Passwords keep it busy with fewer. */
export const CONNECTIONS = 8;
export const PASSWORD_CONNECTIONS = 4;
/** One client, this often a second: deferred work is done before the next request. */
export const IDLE_RATE = 40;

const limit = (name: string, shot: Subject['shot'], more: Partial<Subject> = {}): Subject => ({
  name,
  server: 'limits',
  connections: CONNECTIONS,
  shot,
  ...more,
});
const idle = { connections: 1, rate: IDLE_RATE };
const get = (path: string): Shot => ({ method: 'GET', path });
const posting = (path: string, body: object): Shot => ({
  method: 'POST',
  path,
  senders: [{ body: JSON.stringify(body) }],
});

/** Each connection has a session of its own, and sends the token that the answer before has. */
const rotating =
  (path: string) =>
  async (origin: string): Promise<Shot> => ({
    method: 'POST',
    path,
    chain: 'refresh_token',
    senders: await each(CONNECTIONS, async () => ({
      body: JSON.stringify((await call(`${origin}/session`, {})).body),
    })),
  });

interface Issuing extends Secrets {
  readonly ISSUER: string;
}

export function limitSubjects({ ISSUER, JWT_KEYS, SECRET_KEYS }: Issuing): readonly Subject[] {
  const withToken = async (path: string): Promise<Shot> => {
    const keys = await importKeys(JWT_KEYS, SECRET_KEYS);
    const claims = (accountId: number) => ({ accountId, sessionId: crypto.randomUUID(), use: 'access' }) as const;
    const token = (_: unknown, i: number) => signToken({ name: ISSUER, keys }, claims(i + 1), 600, Date.now());
    const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, token));
    return { ...get(path), senders: tokens.map((value) => ({ headers: { authorization: `Bearer ${value}` } })) };
  };
  return [
    limit('Hono JSON', () => get('/json')),
    limit('verify', () => withToken('/verify')),
    limit('verify + select', () => withToken('/verify-select')),
    limit('select', () => get('/accounts/7')),
    limit('select of an entity', () => get(AN_ENTITY)),
    limit('select of an entity, 1000 keys', () => ({ ...get(AN_ENTITY), paths: entityPaths(1000) })),
    limit('select of an entity, 10000 keys', () => ({ ...get(AN_ENTITY), paths: entityPaths(10_000) })),
    limit('select of 20 entities', () => get('/entities')),
    limit('insert of an entity', () => posting('/entities', entityBody('{n}'))),
    limit('update of a session', rotating('/rotate')),
    limit('update of a session, idle', rotating('/rotate'), idle),
    limit('update of a session + put', rotating('/rotate-put')),
    limit('update of a session + put, idle', rotating('/rotate-put'), idle),
    limit('Argon2id', () => posting('/argon2', { password: 'correct horse' }), { connections: PASSWORD_CONNECTIONS }),
  ];
}
