// Every administration call asks D1 who is an admin now, whatever the token says.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn } from '../../support/people.ts';

const client = newClient();

const CALLS = [
  ['GET', '/api/admin/settings'],
  ['PATCH', '/api/admin/settings'],
  ['GET', '/api/admin/users'],
  ['GET', '/api/admin/users/1'],
  ['PATCH', '/api/admin/users/1'],
  ['GET', '/api/admin/users/1/sessions'],
  ['DELETE', '/api/admin/users/1/sessions'],
  ['DELETE', '/api/admin/users/1/sessions/6f9619ff-8b86-4011-b42d-00c04fc964ff'],
  ['GET', '/api/admin/audit'],
  ['POST', '/api/admin/users/import'],
  ['GET', '/api/admin/users/export'],
] as const;

describe.each(CALLS)('%s %s', (method, path) => {
  const sending = method === 'PATCH' ? { json: {} } : {};

  it('refuses a call without a token, and any account without the role', async () => {
    const nobody = await client.send(method, path, sending);
    expect({ status: nobody.status, code: nobody.body.code }).toEqual({ status: 401, code: 'token_required' });
    expect(nobody.headers.get('WWW-Authenticate')).toBe('Bearer');
    const user = await loggedIn(client);
    const { status, body } = await client.send(method, path, { ...sending, token: user.access_token });
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
  });

  it('refuses an admin who was demoted a moment ago, with the same token', async () => {
    const person = await admin(client);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(person.id).run();
    const { status } = await client.send(method, path, { ...sending, token: person.access_token });
    expect(status).toBe(403);
  });
});

it('refuses an admin who was deactivated, with an access token that still lives', async () => {
  const person = await admin(client);
  await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(person.id).run();
  const { status, body } = await client.get('/api/admin/settings', { token: person.access_token });
  expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_revoked' });
});
