// Accounts in the administration: found page by page, changed at once, never the last admin.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, loggedIn, type Pair, type Person, registered } from '../../support/people.ts';

const client = newClient();
const path = '/api/admin/users';
let root: Person & Pair;
let token: string;

beforeAll(async () => {
  root = await admin(client);
  token = root.access_token;
});

const actionsOf = async (id: number): Promise<string[]> =>
  (await client.get(`/api/admin/audit?user_id=${id}`, { token })).body.events.map(
    ({ action }: { action: string }) => action,
  );

describe('finding', () => {
  it('reads every account once, newest first, page by page', async () => {
    const people = [await registered(client), await registered(client), await registered(client)];
    const ids: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { users: { id: number }[]; next_cursor: string | null } } = await client.get(
        `${path}/?limit=2${cursor && `&cursor=${cursor}`}`,
        { token },
      );
      expect(body.users.length).toBeLessThanOrEqual(2);
      ids.push(...body.users.map(({ id }) => id));
      cursor = body.next_cursor;
    }
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    expect(ids).toEqual(expect.arrayContaining([root.id, ...people.map(({ id }) => id)]));
  });

  it('shows an account whole, without its hash', async () => {
    const person = await registered(client);
    const { body } = await client.get(`${path}?limit=1`, { token });
    expect(body.users).toEqual([
      {
        id: person.id,
        email: person.email,
        email_verified: false,
        username: person.username,
        role: 'user',
        active: true,
        data: {},
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
  });

  it('finds by the start of an email or a username, in any case, each account once', async () => {
    const start = `Q${crypto.randomUUID().slice(0, 8)}`;
    const make = async (email: string | undefined, username: string | undefined) =>
      (
        await client.post('/api/register', {
          email: email ?? `${crypto.randomUUID()}@example.com`,
          username,
          password: 'password',
        })
      ).body.id;
    const both = await make(`${start}-c@example.com`, `${start} c`);
    const byName = await make(undefined, `${start} a`);
    const byEmail = await make(`${start}-b@example.com`, undefined);
    const found = async (query: string) => (await client.get(`${path}?q=${query}`, { token })).body;
    expect((await found(start.toLowerCase())).users.map(({ id }: { id: number }) => id)).toEqual([
      byName,
      byEmail,
      both,
    ]);
    const first = await found(`${start}&limit=2`);
    expect(first.users.map(({ id }: { id: number }) => id)).toEqual([byName, byEmail]);
    const second = await found(`${start}&limit=2&cursor=${first.next_cursor}`);
    expect({ ids: second.users.map(({ id }: { id: number }) => id), next: second.next_cursor }).toEqual({
      ids: [both],
      next: null,
    });
    expect((await found(`${start}%`)).users).toEqual([]);
  });

  it('filters by role and by active', async () => {
    const person = await registered(client);
    await client.patch(`${path}/${person.id}`, { active: false }, { token });
    const admins = (await client.get(`${path}?role=admin`, { token })).body.users;
    expect(admins.map(({ role }: { role: string }) => role)).toEqual(admins.map(() => 'admin'));
    const inactive = (await client.get(`${path}?active=false&role=user`, { token })).body.users;
    expect(inactive.map(({ id }: { id: number }) => id)).toContain(person.id);
    expect(inactive.every(({ active }: { active: boolean }) => !active)).toBe(true);
    const hit = (await client.get(`${path}?q=${person.username}&active=true`, { token })).body.users;
    expect(hit).toEqual([]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'role=root', 'active=1', `q=${'x'.repeat(255)}`])(
    'refuses ?%s',
    async (query) => {
      const { status, body } = await client.get(`${path}?${query}`, { token });
      expect({ status, code: body.code, path: body.errors[0].path }).toEqual({
        status: 400,
        code: 'invalid_query',
        path: /(\w+)=[^=]*$/.exec(query)?.[1],
      });
    },
  );

  it('refuses a cursor that is made up or of another query', async () => {
    await registered(client);
    const { next_cursor: cursor } = (await client.get(`${path}?limit=1`, { token })).body;
    expect((await client.get(`${path}?limit=5&cursor=${cursor}`, { token })).status).toBe(200);
    for (const query of [
      'cursor=!',
      'cursor=Nw',
      `cursor=${cursor}x`,
      `q=a&cursor=${cursor}`,
      `active=true&cursor=${cursor}`,
    ]) {
      const { status, body } = await client.get(`${path}?${query}`, { token });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_cursor' });
    }
  });

  it('reads one, and tells where there is none', async () => {
    const person = await registered(client);
    expect((await client.get(`${path}/${person.id}/`, { token })).body.email).toBe(person.email);
    const missing = await client.get(`${path}/999999`, { token });
    expect({ status: missing.status, code: missing.body.code }).toEqual({ status: 404, code: 'account_not_found' });
    expect((await client.get(`${path}/x`, { token })).status).toBe(404);
  });
});

describe('changing', () => {
  it('deactivates: every session ends at once, login is refused, and all of it is on record', async () => {
    const person = await loggedIn(client);
    const { status, body } = await client.patch(`${path}/${person.id}`, { active: false }, { token });
    expect({ status, active: body.active }).toEqual({ status: 200, active: false });
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    expect((await client.get('/api/me', { token: person.access_token })).status).toBe(401);
    const login = await client.post('/api/login', { email: person.email, password: person.password });
    expect({ status: login.status, code: login.body.code }).toEqual({ status: 403, code: 'account_disabled' });
    expect((await client.get(`${path}/${person.id}/sessions`, { token })).body.sessions).toEqual([]);
    expect(await actionsOf(person.id)).toEqual(
      expect.arrayContaining(['account.deactivated', 'session.revoked', 'login.succeeded', 'account.registered']),
    );
  });

  it('activates again, with no session back', async () => {
    const person = await loggedIn(client);
    await client.patch(`${path}/${person.id}`, { active: false }, { token });
    await client.patch(`${path}/${person.id}`, { active: true }, { token });
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    expect((await client.post('/api/login', { email: person.email, password: person.password })).status).toBe(200);
    expect(await actionsOf(person.id)).toContain('account.activated');
  });

  it('makes an admin and takes it back, in one change with the other field too', async () => {
    const person = await registered(client);
    expect(
      (await client.patch(`${path}/${person.id}`, { role: 'admin', active: false }, { token })).body,
    ).toMatchObject({
      role: 'admin',
      active: false,
    });
    expect((await client.patch(`${path}/${person.id}`, { role: 'user', active: true }, { token })).body).toMatchObject({
      role: 'user',
      active: true,
    });
    const { events } = (
      await client.get(`/api/admin/audit?user_id=${person.id}&action=account.role_changed`, { token })
    ).body;
    expect(events.map(({ detail }: { detail: unknown }) => detail)).toEqual([
      { from: 'admin', to: 'user' },
      { from: 'user', to: 'admin' },
    ]);
    expect(events[0]).toMatchObject({ actor_id: root.id, user_id: person.id });
  });

  it('records nothing and changes nothing where there is nothing to change', async () => {
    const person = await loggedIn(client);
    const before = await client.get(`${path}/${person.id}`, { token });
    client.clock.advance(1000);
    for (const body of [{}, { active: true }, { role: 'user' }, { id: 7, email: 'x@example.com' }]) {
      const answer = await client.patch(`${path}/${person.id}`, body, { token });
      expect(answer.body).toEqual(before.body);
    }
    expect(await actionsOf(person.id)).toEqual(['login.succeeded', 'account.registered']);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
  });

  it.each([{ role: 'root' }, { active: 'yes' }, { active: null }])('refuses %j', async (body) => {
    const answer = await client.patch(`${path}/${root.id}`, body, { token });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code: 'invalid_body' });
  });

  it('does not find an account that is not there', async () => {
    const { status, body } = await client.patch(`${path}/999999`, { active: false }, { token });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'account_not_found' });
  });
});

it('finds the few inactive accounts and the few admins without reading the many others', async () => {
  const { DB, rows } = meteredD1(env.DB);
  const here = newClient({ DB });
  const { access_token: token } = await admin(here);
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
     INSERT INTO accounts (email, email_key, password_hash, role, active, data, created_at, updated_at)
     SELECT 'many' || i || '@example.com', 'many' || i || '@example.com', '', 'user', i > 2, '{}', 0, 0 FROM n`,
  ).run();
  for (const query of ['active=false&limit=2', 'role=admin&limit=2']) {
    rows();
    expect((await here.get(`/api/admin/users?${query}`, { token })).body.users.length).toBeGreaterThan(0);
    expect(rows().read, query).toBeLessThan(30);
  }
});
