// There is always an active admin: the last one stays, however many try at once. A file of its own, so that it knows
// every admin.
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin } from '../../support/people.ts';

const client = newClient();

const activeAdmins = async (): Promise<number> => {
  const row = await client.env.DB.prepare(
    "SELECT count(*) AS n FROM accounts WHERE role = 'admin' AND active = 1",
  ).first<{ n: number }>();
  return row?.n ?? 0;
};

it('refuses to demote or deactivate the last admin, and leaves their sessions alone', async () => {
  const last = await admin(client);
  for (const body of [{ role: 'user' }, { active: false }, { role: 'user', active: false }]) {
    const answer = await client.patch(`/api/admin/users/${last.id}`, body, { token: last.access_token });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 409, code: 'last_admin' });
  }
  expect((await client.post('/api/refresh', { refresh_token: last.refresh_token })).status).toBe(200);
  const { events } = (await client.get(`/api/admin/audit?user_id=${last.id}`, { token: last.access_token })).body;
  expect(events.map(({ action }: { action: string }) => action)).toEqual(['login.succeeded', 'account.registered']);
});

it.each([{ role: 'user' }, { active: false }])(
  'keeps one of two admins who give each other %j at once',
  async (body) => {
    for (let round = 0; round < 10; round += 1) {
      await client.env.DB.prepare("UPDATE accounts SET role = 'user'").run();
      const [a, b] = [await admin(client), await admin(client)];
      const answers = await Promise.all([
        client.patch(`/api/admin/users/${b.id}`, body, { token: a.access_token }),
        client.patch(`/api/admin/users/${a.id}`, body, { token: b.access_token }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await activeAdmins()).toBe(1);
    }
  },
);
