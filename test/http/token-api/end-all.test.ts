// A password change ends every other session, and with `end_all` the caller's own with every copy of it.
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { payloadOf } from '../../support/jwt.ts';
import { admin, loggedIn, logIn, sessionToken } from '../../support/people.ts';

const client = newClient();
const NEW = 'the next secret';

const changed = async (token: string, current_password: string, fields: object = {}) =>
  (await client.post('/api/password', { current_password, new_password: NEW, ...fields }, { token })).status;

const refreshes = async (refresh_token: string) => (await client.post('/api/refresh', { refresh_token })).status;

it.each([{}, { end_all: false }])('the acting session goes on with %j, and so would a copy of it', async (fields) => {
  const person = await loggedIn(client);
  const other = await logIn(client, person);
  expect(await changed(person.access_token, person.password, fields)).toBe(204);
  expect([await refreshes(other.refresh_token), await refreshes(person.refresh_token)]).toEqual([401, 200]);
});

it('the acting session ends with all others where end_all is true, whichever token it has', async () => {
  const person = await loggedIn(client);
  const session = await sessionToken(client, person);
  const other = await logIn(client, person);
  expect(await changed(session, person.password, { end_all: true })).toBe(204);
  expect((await client.get('/api/sessions', { token: session })).status).toBe(401);
  for (const { refresh_token } of [person, other]) expect(await refreshes(refresh_token)).toBe(401);

  const again = await logIn(client, { ...person, password: NEW });
  expect(await changed(again.access_token, NEW, { end_all: true })).toBe(204);
  expect(await refreshes(again.refresh_token)).toBe(401);
});

it('each session that it ends is on record', async () => {
  const { access_token: token } = await admin(client);
  const person = await loggedIn(client);
  await changed(person.access_token, person.password, { end_all: true });
  const { events } = (await client.get(`/api/admin/audit?user_id=${person.id}&action=session.revoked`, { token })).body;
  expect(events.map(({ detail }: { detail: object }) => detail)).toEqual([
    { session_id: payloadOf(person.access_token).sid, reason: 'password_changed' },
  ]);
});

it('a wrong password ends nothing', async () => {
  const person = await loggedIn(client);
  expect(await changed(person.access_token, 'not it', { end_all: true })).toBe(403);
  expect(await refreshes(person.refresh_token)).toBe(200);
});

it.each(['true', 1, null])('end_all is true or false, and not %j', async (end_all) => {
  const person = await loggedIn(client);
  expect(await changed(person.access_token, person.password, { end_all })).toBe(400);
});
