// If any call to D1 fails or stalls, before or after it took effect, nothing is half-written and nothing revoked lives:
// session tokens.
import { expect } from 'vitest';
import type { Answer } from '../support/client.ts';
import { client, sound, type Try, underFaults } from '../support/faults.ts';
import { admin, stranger } from '../support/people.ts';
import { thing } from '../support/things.ts';
import { post, signIn } from '../support/visitor.ts';

const boss = await admin(sound);
const { cookie, formToken } = await signIn(sound, boss);

/** A person with an account and a session token of it. */
async function entered() {
  const person = stranger();
  const { status: answered, body } = await sound.post('/auth/register', person);
  expect(answered).toBe(201);
  return { ...person, token: body.auth_token as string };
}

type Names = Pick<ReturnType<typeof stranger>, 'username' | 'password'>;

const login = async ({ username, password }: Names) => (await sound.post('/auth', { username, password })).status;
const status = async (token: string) => (await sound.get('/auth/status', { token })).status;

/** A login: a client that is let in has a live session. */
async function entering(
  enter: (email: string, names: Names) => Promise<Answer>,
  tokenOf: (body: Answer['body']) => string,
): Promise<Try> {
  const { email, username, password } = await entered();
  return {
    call: () => enter(email, { username, password }),
    async holds(answer) {
      if (answer.status === 200) expect(await status(tokenOf(answer.body))).toBe(200);
      expect(await login({ username, password })).toBe(200);
    },
  };
}

/** A logout: once it was confirmed, the session has ended. */
async function leaving(leave: (token: string) => Promise<Answer>, told: number): Promise<Try> {
  const { token } = await entered();
  return {
    call: () => leave(token),
    async holds(answer) {
      if (answer.status === told) expect(await status(token)).toBe(401);
      expect([200, 401]).toContain(await status(token));
    },
  };
}

const gone = await entered();
await sound.delete('/auth', { token: gone.token });

/** Any use of a token whose session was ended. */
const revoked = async (use: (token: string) => Promise<Answer>): Promise<Try> => ({
  call: () => use(gone.token),
  holds: async ({ status: answered }) => expect([401, 503]).toContain(answered),
});

/** A change of an account's data. */
async function rewriting(write: (path: string, token: string) => Promise<Answer>, after: object): Promise<Try> {
  const { email, username, password, token } = await entered();
  const path = `/user/${username}`;
  const { body: before } = await sound.put(path, { email, color: 'red', size: 1 }, { token });
  return {
    call: () => write(path, token),
    async holds(answer) {
      const { body } = await sound.get(path, { token });
      expect(body).toEqual(answer.status === 200 || body.color === 'blue' ? { username, email, ...after } : before);
      expect(await login({ username, password })).toBe(200);
    },
  };
}

const OPERATIONS: Record<string, () => Promise<Try>> = {
  async 'POST /auth/register'() {
    const person = stranger();
    return {
      call: () => client.post('/auth/register', person),
      async holds(answer) {
        const answered = await login(person);
        expect([200, 401]).toContain(answered);
        if (answer.status === 201) expect([answered, await status(answer.body.auth_token)]).toEqual([200, 200]);
      },
    };
  },
  'POST /auth/login': () =>
    entering(
      (email, { password }) => client.post('/auth/login', { email, password }),
      ({ auth_token }) => auth_token,
    ),
  'POST /auth': () =>
    entering(
      (_, names) => client.post('/auth', names),
      ({ token }) => token,
    ),
  'POST /token': () =>
    entering(
      (email, { password }) => client.post('/token', { email, password }),
      ({ access_token }) => access_token,
    ),
  'POST /token with a form': () =>
    entering(
      (_, names) => client.send('POST', '/token', { form: { grant_type: 'password', ...names } }),
      ({ access_token }) => access_token,
    ),
  'POST /auth/logout': () => leaving((token) => client.post('/auth/logout', undefined, { token }), 200),
  'DELETE /auth': () => leaving((token) => client.delete('/auth', { token }), 204),
  'GET /auth/status after a logout': () => revoked((token) => client.get('/auth/status', { token })),
  'GET /user/{username} after a logout': () => revoked((token) => client.get(`/user/${gone.username}`, { token })),
  'GET /account after a logout': () => revoked((token) => client.get('/account', { token })),
  'POST /entities after a logout': () =>
    revoked((token) => client.post('/entities', { code: 'x', type: 'x', quantity: 1 }, { token })),
  async 'POST /user'() {
    const { username, password, email } = stranger();
    return {
      call: () => client.post('/user', { username, password, email, color: 'red' }),
      async holds(answer) {
        const { status: answered, body } = await sound.post('/auth', { username, password });
        expect([200, 401]).toContain(answered);
        if (answer.status === 201) expect(answered).toBe(200);
        if (answered === 401) return;
        expect((await sound.get(`/user/${username}`, { token: body.token })).body).toEqual({
          username,
          email,
          color: 'red',
        });
      },
    };
  },
  'PUT /user/{username}': () =>
    rewriting((path, token) => client.put(path, { color: 'blue' }, { token }), { color: 'blue' }),
  'PATCH /user/{username}': () =>
    rewriting((path, token) => client.patch(path, { color: 'blue', size: null, new: true }, { token }), {
      color: 'blue',
      new: true,
    }),
  async 'DELETE /user/{username}'() {
    const { username, password, token } = await entered();
    const [shown, hidden] = [await thing(sound, token), await thing(sound, token, { visibility: 'private' })];
    return {
      call: () => client.delete(`/user/${username}`, { token }),
      async holds(answer) {
        const left = (await status(token)) === 200;
        if (answer.status === 204) expect(left).toBe(false);
        expect(await login({ username, password })).toBe(left ? 200 : 401);
        expect((await sound.get(`/entities/${shown.id}`, { token: boss.access_token })).body.owner_id).toBe(
          left ? shown.owner_id : null,
        );
        expect((await sound.get(`/entities/${hidden.id}`, { token: boss.access_token })).status).toBe(left ? 200 : 404);
      },
    };
  },
  async 'POST /admin/users/{id}/deactivate'() {
    const { token } = await entered();
    const { id } = (await sound.get('/account', { token })).body;
    return {
      call: () => post(client, `/admin/users/${id}/deactivate`, { form_token: formToken }, cookie),
      async holds(answer) {
        const { body } = await sound.get(`/api/admin/users/${id}`, { token: boss.access_token });
        if (answer.status === 303) expect(body.active).toBe(false);
        expect(await status(token)).toBe(body.active ? 200 : 401);
      },
    };
  },
};

underFaults(OPERATIONS, 80);
