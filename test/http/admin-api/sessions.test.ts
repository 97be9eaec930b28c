// An account's sessions in the administration: seen, ended one by one or all.
import { beforeAll, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, logIn, registered } from '../../support/people.ts';

const client = newClient();
let token: string;
let adminId: number;

beforeAll(async () => {
  const person = await admin(client);
  token = person.access_token;
  adminId = person.id;
});

const sessionsOf = async (id: number): Promise<{ id: string; kind: string; current: boolean }[]> =>
  (await client.get(`/api/admin/users/${id}/sessions/`, { token })).body.sessions;

it('lists the live ones', async () => {
  const person = await loggedIn(client);
  expect(await sessionsOf(person.id)).toEqual([expect.objectContaining({ kind: 'refresh', current: false })]);
  expect((await sessionsOf(adminId)).map(({ current }) => current)).toEqual([true]);
});

it('ends one, and the other lives', async () => {
  const person = await loggedIn(client);
  const [first] = await sessionsOf(person.id);
  const other = await logIn(client, person);
  expect((await client.delete(`/api/admin/users/${person.id}/sessions/${first?.id}/`, { token })).status).toBe(204);
  expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
  expect((await client.post('/api/refresh', { refresh_token: other.refresh_token })).status).toBe(200);
  const { events } = (await client.get(`/api/admin/audit?user_id=${person.id}&action=session.revoked`, { token })).body;
  expect(events).toEqual([
    expect.objectContaining({ actor_id: adminId, detail: { session_id: first?.id, reason: 'by_admin' } }),
  ]);
});

it('ends all', async () => {
  const person = await loggedIn(client);
  await logIn(client, person);
  expect((await client.delete(`/api/admin/users/${person.id}/sessions`, { token })).status).toBe(204);
  expect(await sessionsOf(person.id)).toEqual([]);
});

it('does not find an account, or a session of another one', async () => {
  const [person, other] = [await registered(client), await loggedIn(client)];
  for (const [method, path] of [
    ['GET', '/api/admin/users/999999/sessions'],
    ['DELETE', '/api/admin/users/999999/sessions'],
  ] as const) {
    const { status, body } = await client.send(method, path, { token });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'account_not_found' });
  }
  const [session] = await sessionsOf(other.id);
  const foreign = await client.delete(`/api/admin/users/${person.id}/sessions/${session?.id}`, { token });
  expect({ status: foreign.status, code: foreign.body.code }).toEqual({ status: 404, code: 'session_not_found' });
  expect((await client.delete(`/api/admin/users/${person.id}/sessions/nonsense`, { token })).status).toBe(404);
});
