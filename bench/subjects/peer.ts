// better-auth's sign-in and session check: with its session in D1, with its cookie cache, with the password hash it had
// before 1.7.
import type { Server } from '../server.ts';
import type { Shot, Subject } from '../subject.ts';
import { call, each, newPerson } from './client.ts';
import { CONNECTIONS, PASSWORD_CONNECTIONS } from './limits.ts';

/** better-auth makes its own tables. */
export const migratePeer = async ({ origin }: Server): Promise<void> => {
  await call(`${origin}/migrate`, {});
};

/** It refuses posts without an origin it trusts. */
const ORIGIN = { origin: 'http://localhost:8787' };

async function signUp(origin: string) {
  const { email, username: name, password } = newPerson();
  const { headers } = await call(`${origin}/api/auth/sign-up/email`, { email, name, password }, ORIGIN);
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return { email, password, cookie };
}

const session = async (origin: string): Promise<Shot> => ({
  method: 'GET',
  path: '/api/auth/get-session',
  senders: (await each(CONNECTIONS, () => signUp(origin))).map(({ cookie }) => ({ headers: { cookie } })),
});

const signIn = async (origin: string): Promise<Shot> => ({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  headers: ORIGIN,
  senders: (await each(2, () => signUp(origin))).map(({ email, password }) => ({
    body: JSON.stringify({ email, password }),
  })),
});

const signingUp: Shot = {
  method: 'POST',
  path: '/api/auth/sign-up/email',
  headers: ORIGIN,
  senders: [{ body: JSON.stringify({ email: '{n}@example.com', name: 'Ben', password: 'correct horse' }) }],
};

export const peerSubjects: readonly Subject[] = [
  { name: 'better-auth get-session', server: 'peer', connections: CONNECTIONS, shot: session },
  { name: 'better-auth get-session, cookie cache', server: 'peer-cached', connections: CONNECTIONS, shot: session },
  { name: 'better-auth sign-in', server: 'peer', connections: PASSWORD_CONNECTIONS, shot: signIn },
  { name: 'better-auth sign-up', server: 'peer', connections: PASSWORD_CONNECTIONS, shot: () => signingUp },
  {
    name: 'better-auth sign-in, scrypt in JavaScript',
    server: 'peer-scripted',
    connections: PASSWORD_CONNECTIONS,
    shot: signIn,
  },
];
