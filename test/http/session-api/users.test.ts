// /user/{username} is its owner's and every admin's; to anyone else it is forbidden, whether it exists or not.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { intercepted } from '../../support/intercepted.ts';
import { admin, loggedIn, registered, sessionToken, signedIn, stranger } from '../../support/people.ts';

const client = newClient();
const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE'] as const;

const pathOf = (username: string) => `/user/${encodeURIComponent(username)}`;
const call = async (method: string, username: string, token?: string) => {
  const json = method === 'PUT' || method === 'PATCH' ? { json: { nickname: 'Benny' } } : {};
  const { status, body } = await client.send(method, pathOf(username), {
    ...json,
    ...(token === undefined ? {} : { token }),
  });
  return { status, body: body && { ...body, request_id: '' } };
};

describe('the owner', () => {
  it.each(['with space', 'with.dots.', 'ünïcødé 名前', '100%', '%41', "o'neil?#&=+;", '...', 'a\\b', '"<ben>"', '🙂'])(
    'reaches the account by its name in the path, percent-encoded: %s',
    async (name) => {
      const username = `${name}${stranger().username.slice(-4)}`;
      await client.post('/user', { username, password: 'secret1' });
      const token = await sessionToken(client, { username, password: 'secret1' });
      for (const path of [pathOf(username), `${pathOf(username)}/`, pathOf(` ${username.toUpperCase()} `)]) {
        expect(await client.get(path, { token })).toMatchObject({ status: 200, body: { username } });
      }
      expect((await client.patch(pathOf(username), { x: 1 }, { token })).body).toEqual({ username, x: 1 });
      expect((await client.delete(pathOf(username), { token })).status).toBe(204);
    },
  );

  it('reads with either kind of token', async () => {
    const { access_token, username, email, password } = await loggedIn(client);
    for (const token of [access_token, await sessionToken(client, { username, password })]) {
      expect(await call('GET', username, token)).toMatchObject({ status: 200, body: { username, email } });
    }
  });

  it('is found by its current name, not by that of the login', async () => {
    const { token, username } = await signedIn(client);
    const renamed = stranger().username;
    await client.patch('/api/me', { username: renamed }, { token });
    expect((await call('GET', renamed, token)).status).toBe(200);
    expect((await call('GET', username, token)).status).toBe(403);
  });

  it('deletes the account, and every session with it', async () => {
    const person = await loggedIn(client);
    const token = await sessionToken(client, person);
    expect((await call('DELETE', person.username, token)).status).toBe(204);
    for (const path of ['/api/me', '/auth/status', '/auth/account', pathOf(person.username)]) {
      expect((await client.get(path, { token })).status).toBe(401);
      expect((await client.get(path, { token: person.access_token })).status).toBe(401);
    }
    expect((await client.get('/', { token })).body).toEqual({ message: 'Hello World' });
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    expect((await client.post('/auth', person)).status).toBe(401);
    expect((await client.post('/auth/login', person)).status).toBe(404);
  });

  it.each(['PATCH', 'PUT', 'DELETE'])('whose account went while a %s was under way is told so', async (method) => {
    const { access_token: token, username, id } = await loggedIn(client);
    const DB = whileUnderWay(
      ['DELETE FROM sessions WHERE account_id = ?', id],
      ['DELETE FROM accounts WHERE id = ?', id],
    );
    const body = method === 'DELETE' ? {} : { json: { x: 1 } };
    const answer = await newClient({ DB }, { clock: client.clock }).send(method, pathOf(username), { ...body, token });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'token_revoked' });
  });
});

describe.each(METHODS)('%s by somebody else', (method) => {
  it('is the same 403 whether the account exists or not', async () => {
    const [{ token }, other] = [await signedIn(client), await registered(client)];
    const existing = await call(method, other.username, token);
    expect(existing).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    for (const nobody of [stranger().username, 'a/b', 'x'.repeat(500)])
      expect(await call(method, nobody, token)).toEqual(existing);
  });

  it('with no token is 401', async () => {
    expect(await call(method, 'anyone')).toMatchObject({ status: 401, body: { code: 'token_required' } });
  });
});

describe('malformed percent-encoding', () => {
  it.each(['%', '%E0%A4%A', '%ff', '%2', '%00', '%ud800'])(
    'is never more than a name that nobody has: %s',
    async (name) => {
      const [{ token }, chief] = [await signedIn(client), await admin(client)];
      for (const method of METHODS) {
        const json = method === 'PUT' || method === 'PATCH' ? { json: {} } : {};
        expect((await client.send(method, `/user/${name}`, { ...json, token })).status).toBe(403);
      }
      expect((await client.get(`/user/${name}`, { token: await sessionToken(client, chief) })).status).toBe(404);
    },
  );
});

describe('an admin', () => {
  it('reads, changes and deletes any account, a deactivated one too', async () => {
    const token = await sessionToken(client, await admin(client));
    for (const active of [1, 0]) {
      const { username, email, id } = await registered(client);
      await client.env.DB.prepare('UPDATE accounts SET active = ? WHERE id = ?').bind(active, id).run();
      expect(await call('GET', username.toUpperCase(), token)).toMatchObject({
        status: 200,
        body: { username, email },
      });
      for (const method of ['PUT', 'PATCH']) {
        expect(await call(method, username, token)).toMatchObject({
          status: 200,
          body: { username, email, nickname: 'Benny' },
        });
      }
      expect((await call('DELETE', username, token)).status).toBe(204);
      expect((await call('GET', username, token)).status).toBe(404);
    }
  });

  it.each(METHODS)('is told that an unknown account is not there: %s', async (method) => {
    const token = await sessionToken(client, await admin(client));
    expect(await call(method, stranger().username, token)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('leaves their id in the audit trail of what they change', async () => {
    const [chief, { username, id }] = [await admin(client), await registered(client)];
    const token = await sessionToken(client, chief);
    await call('PATCH', username, token);
    await call('DELETE', username, token);
    const { results } = await client.env.DB.prepare(
      "SELECT action, actor_id FROM audit_events WHERE account_id = ? AND action IN ('account.updated', " +
        "'account.deleted') ORDER BY id",
    )
      .bind(id)
      .all();
    expect(results).toEqual([
      { action: 'account.updated', actor_id: chief.id },
      { action: 'account.deleted', actor_id: chief.id },
    ]);
  });

  it('who was demoted loses the rights, at once and with either token', async () => {
    const [chief, { username }] = [await admin(client), await registered(client)];
    await admin(client);
    const token = await sessionToken(client, chief);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(chief.id).run();
    for (const held of [token, chief.access_token]) expect((await call('GET', username, held)).status).toBe(403);
  });

  it('who was demoted while the call was under way changes nothing', async () => {
    const [chief, { username }] = [await admin(client), await registered(client)];
    const token = await sessionToken(client, chief);
    const racing = newClient(
      { DB: whileUnderWay(["UPDATE accounts SET role = 'user' WHERE id = ?", chief.id]) },
      { clock: client.clock },
    );
    expect((await racing.put(pathOf(username), { nickname: 'Benny' }, { token })).status).toBe(403);
    await client.env.DB.prepare("UPDATE accounts SET role = 'admin' WHERE id = ?").bind(chief.id).run();
    expect((await call('GET', username, token)).body).not.toHaveProperty('nickname');
  });

  it('who is the last one stays, deleted by nobody, themselves included', async () => {
    const chief = await admin(client);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id <> ?").bind(chief.id).run();
    const token = await sessionToken(client, chief);
    expect(await call('DELETE', chief.username, token)).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    expect((await call('GET', chief.username, token)).status).toBe(200);
  });
});

/** D1 in which another call is answered right before each batch. */
const whileUnderWay = (...statements: readonly [sql: string, id: number][]): D1Database => {
  const { DB } = client.env;
  const meanwhile = () => DB.batch(statements.map(([sql, id]) => DB.prepare(sql).bind(id)));
  return intercepted(DB, (name, method) => {
    if (name !== 'withSession') return method;
    return (...args) =>
      intercepted(method(...args) as D1DatabaseSession, (called, call) =>
        called === 'batch' ? async (...batch) => (await meanwhile()) && call(...batch) : call,
      );
  });
};
