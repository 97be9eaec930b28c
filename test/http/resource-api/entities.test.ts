// Entities: create, read, replace, patch, delete; what is refused, and to whom.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, signedIn } from '../../support/people.ts';
import { newThing, thing, unique } from '../../support/things.ts';

const client = newClient();

describe('create', () => {
  it('answers the entity, its place and version, with either kind of token and either form of the path', async () => {
    const { token } = await signedIn(client);
    const { access_token } = await loggedIn(client);
    for (const [path, bearer] of [
      ['/entities', token],
      ['/entities/', access_token],
    ] as const) {
      const fields = newThing({ attributes: { color: 'red' } });
      const { status, body, headers } = await client.post(path, fields, { token: bearer });
      expect({ status, body }).toMatchObject({ status: 201, body: { ...fields, visibility: 'public', version: 1 } });
      expect(headers.get('Location')).toBe(`/entities/${body.id}`);
      expect(headers.get('ETag')).toBe('"1"');
      expect(new Date(body.created_at).toISOString()).toBe(body.created_at);
      expect(body.updated_at).toBe(body.created_at);
    }
  });

  it('refuses a code that is taken, though in another case it is free', async () => {
    const { access_token: token } = await loggedIn(client);
    const { code } = await thing(client, token);
    const taken = await client.post('/entities', newThing({ code }), { token });
    expect({ status: taken.status, code: taken.body.code }).toEqual({ status: 409, code: 'code_taken' });
    expect((await client.post('/entities', newThing({ code: code.toLowerCase() }), { token })).status).toBe(201);
  });

  it('lets exactly one of 10 concurrent creations of a code through', async () => {
    const { access_token: token } = await loggedIn(client);
    const code = unique('race');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.post('/entities', newThing({ code }), { token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it('needs a token', async () => {
    const { status, body } = await client.post('/entities', newThing());
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_required' });
  });

  const deep = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`);
  it.each([
    ['a quantity below 0', { quantity: -1 }, 'quantity'],
    ['a fractional quantity', { quantity: 1.5 }, 'quantity'],
    ['a quantity that is text', { quantity: '1' }, 'quantity'],
    ['a quantity past 2^53', { quantity: 2 ** 53 }, 'quantity'],
    ['an empty code', { code: '' }, 'code'],
    ['a code of 65 characters', { code: 'x'.repeat(65) }, 'code'],
    ['a code with a control character', { code: 'a\u0000b' }, 'code'],
    ['a code with a line end', { code: 'a\u2028b' }, 'code'],
    ['a code with half a character', { code: '\ud83d' }, 'code'],
    ['a type with a tab', { type: 'a\tb' }, 'type'],
    ['no type', { type: undefined }, 'type'],
    ['attributes over 16 KiB', { attributes: { text: 'é'.repeat(8192) } }, 'attributes'],
    ['attributes of 1000 levels', { attributes: deep }, 'attributes'],
    ['attributes that are a list', { attributes: [] }, 'attributes'],
    ['a visibility of its own', { visibility: 'secret' }, 'visibility'],
  ])('refuses %s', async (_, fields, path) => {
    const { access_token: token } = await loggedIn(client);
    const { status, body } = await client.post('/entities', newThing(fields), { token });
    expect({ status, code: body.code, path: body.errors[0].path }).toEqual({ status: 400, code: 'invalid_body', path });
  });

  it('takes 64 characters of any kind, and 16 KiB of attributes', async () => {
    const { access_token: token } = await loggedIn(client);
    const code = `${unique('')}${'🙂'.repeat(64)}`.slice(0, 0) + '🙂'.repeat(50) + crypto.randomUUID().slice(0, 14);
    const attributes = { text: 'x'.repeat(16 * 1024 - '{"text":""}'.length) };
    const made = await thing(client, token, { code, attributes });
    expect((await client.get(`/entities/${made.id}`, { token })).body).toEqual(made);
    expect(made.attributes).toEqual(attributes);
  });

  it('gives back attributes key by key, `__proto__` and half characters too', async () => {
    const { access_token: token } = await loggedIn(client);
    const attributes = '{"__proto__":{"admin":true},"constructor":1,"half":"\\ud83d"}';
    const raw = `{"code":"${unique('proto')}","type":"t","quantity":0,"attributes":${attributes}}`;
    const made = await client.post('/entities', undefined, {
      token,
      raw,
      headers: { 'Content-Type': 'application/json' },
    });
    const read = await client.get(`/entities/${made.body.id}`, { token });
    expect(read.text).toContain('"attributes":{"__proto__":{"admin":true},"constructor":1,"half":"\\ud83d"}');
    expect(read.body.admin).toBeUndefined();
  });

  it('ignores fields that only the server sets', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const made = await thing(client, token, { id: 1, owner_id: 1, version: 9, created_at: '2000-01-01T00:00:00.000Z' });
    expect(made).toMatchObject({ owner_id: id, version: 1 });
    expect(made.created_at).not.toContain('2000');
  });
});

describe('replace', () => {
  it('replaces all but a visibility that is not given', async () => {
    const { access_token: token } = await loggedIn(client);
    const made = await thing(client, token, { visibility: 'private', attributes: { a: 1 } });
    const fields = newThing({ quantity: 9 });
    const { status, body, headers } = await client.put(`/entities/${made.id}/`, fields, { token });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...made, ...fields, attributes: {}, visibility: 'private', version: 2, updated_at: body.updated_at },
    });
    expect(headers.get('ETag')).toBe('"2"');
    expect(
      (await client.put(`/entities/${made.id}`, { ...fields, visibility: 'public' }, { token })).body.visibility,
    ).toBe('public');
  });

  it('refuses a code that is taken, and fields that are missing', async () => {
    const { access_token: token } = await loggedIn(client);
    const [a, b] = [await thing(client, token), await thing(client, token)];
    expect((await client.put(`/entities/${a.id}`, newThing({ code: b.code }), { token })).status).toBe(409);
    expect((await client.put(`/entities/${a.id}`, { code: a.code, type: 't' }, { token })).status).toBe(400);
    expect((await client.get(`/entities/${a.id}`, { token })).body).toEqual(a);
  });
});

describe('patch', () => {
  it('merges as RFC 7396 says, in both media types', async () => {
    const { access_token: token } = await loggedIn(client);
    const made = await thing(client, token, {
      quantity: 3,
      attributes: { a: { b: 1, c: 2 }, list: [1, 2], gone: 1, text: 'x' },
    });
    const patch = {
      attributes: { a: { c: null, d: { e: null, f: 1 } }, list: [3], gone: null, text: { now: 'object' } },
    };
    const merged = { a: { b: 1, d: { f: 1 } }, list: [3], text: { now: 'object' } };
    const first = await client.patch(`/entities/${made.id}`, patch, {
      token,
      headers: { 'Content-Type': 'application/merge-patch+json' },
    });
    expect(first.body).toEqual({ ...made, attributes: merged, version: 2, updated_at: first.body.updated_at });
    const second = await client.patch(`/entities/${made.id}`, { quantity: 4 }, { token });
    expect(second.body).toMatchObject({ quantity: 4, attributes: merged, version: 3 });
    expect((await client.patch(`/entities/${made.id}`, { attributes: null }, { token })).body.attributes).toEqual({});
  });

  it.each([
    ['a required field removed', { quantity: null }],
    ['a fraction', { quantity: 0.5 }],
    ['a visibility removed', { visibility: null }],
    ['attributes that are no object', { attributes: 'x' }],
  ])('refuses %s', async (_, patch) => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    expect((await client.patch(`/entities/${id}`, patch, { token })).body.code).toBe('invalid_body');
  });

  it('refuses what would merge to more than 16 KiB', async () => {
    const { access_token: token } = await loggedIn(client);
    const made = await thing(client, token, { attributes: { a: 'x'.repeat(9000) } });
    const { status, body } = await client.patch(
      `/entities/${made.id}`,
      { attributes: { b: 'x'.repeat(9000) } },
      { token },
    );
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ path: 'attributes' }] });
    expect((await client.get(`/entities/${made.id}`, { token })).body).toEqual(made);
  });

  it('merges each of 10 concurrent patches', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    const patches = Array.from({ length: 10 }, (_, index) =>
      client.patch(`/entities/${id}`, { attributes: { [`k${index}`]: index } }, { token }),
    );
    expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    const { body } = await client.get(`/entities/${id}`, { token });
    expect(body.version).toBe(11);
    expect(body.attributes).toEqual(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`k${index}`, index])));
  });
});

describe('delete', () => {
  it('deletes once; the code is free again and the id is not', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id, code } = await thing(client, token);
    expect(await client.delete(`/entities/${id}`, { token })).toMatchObject({ status: 204, text: '' });
    expect((await client.delete(`/entities/${id}`, { token })).body.code).toBe('entity_not_found');
    expect((await thing(client, token, { code })).id).toBeGreaterThan(id);
  });
});

describe('the right', () => {
  const writes = (id: number, token?: string) => {
    const with_ = token === undefined ? {} : { token };
    return Promise.all([
      client.put(`/entities/${id}`, newThing(), with_),
      client.patch(`/entities/${id}`, { quantity: 5 }, with_),
      client.patch(`/entities/${id}`, { attributes: { a: 5 } }, with_),
      client.delete(`/entities/${id}`, with_),
    ]);
  };

  it('hides a private entity from strangers, on every method', async () => {
    const [owner, stranger] = [await loggedIn(client), await loggedIn(client)];
    const { id } = await thing(client, owner.access_token, { visibility: 'private' });
    for (const answer of [
      await client.get(`/entities/${id}`, { token: stranger.access_token }),
      ...(await writes(id, stranger.access_token)),
    ]) {
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: 'entity_not_found' });
    }
    expect((await client.get(`/entities/${id}`)).body.code).toBe('entity_not_found');
    expect((await writes(id)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect((await client.get(`/entities/${id}`, { token: owner.access_token })).body.version).toBe(1);
  });

  it('forbids writing a public one of another', async () => {
    const [owner, stranger] = [await loggedIn(client), await loggedIn(client)];
    const { id } = await thing(client, owner.access_token);
    for (const answer of await writes(id, stranger.access_token)) {
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 403, code: 'forbidden' });
    }
    expect((await client.get(`/entities/${id}`, { token: stranger.access_token })).body.version).toBe(1);
  });

  it('lets an admin do all, while it is one', async () => {
    const [owner, boss] = [await loggedIn(client), await admin(client)];
    await admin(client); // so that boss is not the last
    const { id } = await thing(client, owner.access_token, { visibility: 'private' });
    const token = boss.access_token;
    expect((await client.get(`/entities/${id}`, { token })).status).toBe(200);
    expect(
      (await client.patch(`/entities/${id}`, { quantity: 5, attributes: { a: 1 } }, { token })).body,
    ).toMatchObject({
      owner_id: owner.id,
      quantity: 5,
    });
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(boss.id).run();
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(404);
    await client.env.DB.prepare("UPDATE accounts SET role = 'admin' WHERE id = ?").bind(boss.id).run();
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(204);
  });

  it('lets nobody write with the access token of an account that was deactivated', async () => {
    const { access_token: token, id: accountId } = await loggedIn(client);
    const { id } = await thing(client, token);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(accountId).run();
    for (const answer of [await client.post('/entities', newThing(), { token }), ...(await writes(id, token))]) {
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'token_revoked' });
    }
  });

  it('finds nothing at an invalid id', async () => {
    for (const id of ['0', '-1', '1.5', 'x', '9007199254740993', '999999999', '%00']) {
      expect((await client.get(`/entities/${id}`)).status).toBe(404);
    }
  });
});

describe('the account is deleted', () => {
  it('takes private entities along and leaves public ones without an owner', async () => {
    const { access_token: token, id: accountId } = await loggedIn(client);
    const [open, hidden] = [await thing(client, token), await thing(client, token, { visibility: 'private' })];
    expect((await client.delete('/api/me', { token })).status).toBe(204);
    const other = await admin(client);
    expect((await client.get(`/entities/${open.id}`, { token: other.access_token })).body).toMatchObject({
      owner_id: null,
      version: 2,
    });
    expect((await client.get(`/entities/${hidden.id}`, { token: other.access_token })).status).toBe(404);
    const words = await client.env.DB.prepare(
      'SELECT count(*) AS left FROM entity_words WHERE entity_id = ? OR shelf = ?',
    )
      .bind(hidden.id, accountId)
      .first();
    expect(words).toEqual({ left: 0 });
  });
});
