// Public reads come from the edge cache for five seconds; reads with a token never do.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { loggedIn } from '../../support/people.ts';
import { newThing, thing, unique } from '../../support/things.ts';

const { env: stores, calls, reset } = counted(env);
const client = newClient(stores);

describe('without a token', () => {
  it('reads an entity twice and D1 once', async () => {
    const { access_token: token } = await loggedIn(client);
    const made = await thing(client, token);
    reset();
    const first = await client.get(`/entities/${made.id}`);
    const second = await client.get(`/entities/${made.id}/?whatever=1`);
    expect(calls.d1).toBe(1);
    for (const { body, headers } of [first, second]) {
      expect(body).toEqual(made);
      expect(headers.get('Cache-Control')).toBe('public, max-age=5');
      expect(headers.get('Vary')).toBe('Authorization');
      expect(headers.get('ETag')).toBe('"1"');
      expect(headers.get('Set-Cookie')).toBeNull();
    }
    expect(first.headers.get('X-D1-Bookmark')).not.toBeNull();
    expect(second.headers.get('X-D1-Bookmark')).toBeNull();
    expect(second.headers.get('X-Request-Id')).not.toBe(first.headers.get('X-Request-Id'));
    expect(second.headers.get('Age')).toBe('0');
  });

  it('reads a list twice and D1 once, and another list for itself', async () => {
    const { access_token: token } = await loggedIn(client);
    const type = unique('type');
    const made = await thing(client, token, { type });
    reset();
    expect((await client.get(`/entities?type=${type}&sort=id`)).body.entities).toEqual([made]);
    expect((await client.get(`/entities/?limit=20&sort=id&type=${type}&x=y`)).body.entities).toEqual([made]);
    expect(calls.d1).toBe(1);
    expect((await client.get(`/entities?type=${type}&sort=-id`)).body.entities).toEqual([made]);
    expect((await client.get(`/entities?type=${type}&limit=1`)).body.entities).toEqual([made]);
    expect(calls.d1).toBe(3);
  });

  it('reads D1 again after five seconds', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    await client.get(`/entities/${id}`);
    await client.patch(`/entities/${id}`, { quantity: 2 }, { token });
    client.clock.advance(4999);
    const old = await client.get(`/entities/${id}`);
    expect({ version: old.body.version, age: old.headers.get('Age') }).toEqual({ version: 1, age: '4' });
    client.clock.advance(1);
    expect((await client.get(`/entities/${id}`)).body.version).toBe(2);
  });

  it('caches no refusal', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token, { visibility: 'private' });
    const hidden = await client.get(`/entities/${id}`);
    expect({ status: hidden.status, cacheControl: hidden.headers.get('Cache-Control') }).toEqual({
      status: 404,
      cacheControl: 'no-store',
    });
    await client.patch(`/entities/${id}`, { visibility: 'public' }, { token });
    expect((await client.get(`/entities/${id}`)).status).toBe(200);
  });
});

describe('with a token', () => {
  it('is private, always fresh, and reads its own write', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id, type } = await thing(client, token, { type: unique('type') });
    await client.get(`/entities/${id}`);
    for (const quantity of [2, 3]) {
      const written = await client.patch(`/entities/${id}`, { quantity }, { token });
      const bookmark = { 'X-D1-Bookmark': written.headers.get('X-D1-Bookmark') ?? '' };
      const read = await client.get(`/entities/${id}`, { token, headers: bookmark });
      expect(read.body).toEqual(written.body);
      expect(read.headers.get('Cache-Control')).toBe('private, no-cache');
      expect(read.headers.get('Vary')).toBe('Authorization');
      expect((await client.get(`/entities?type=${type}`, { token })).body.entities).toEqual([written.body]);
    }
  });

  it('ignores an invalid bookmark, and answers HEAD as GET without a body', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    for (const bookmark of ['garbage', '0-0-0-0', '']) {
      expect((await client.get(`/entities/${id}`, { token, headers: { 'X-D1-Bookmark': bookmark } })).status).toBe(200);
    }
    for (const who of [{ token }, {}, {}]) {
      const { status, text, headers } = await client.send('HEAD', `/entities/${id}`, who);
      expect({ status, text, etag: headers.get('ETag') }).toEqual({ status: 200, text: '', etag: '"1"' });
    }
  });

  it('puts nothing private into the cache, for itself or for others', async () => {
    const [owner, other] = [await loggedIn(client), await loggedIn(client)];
    const type = unique('type');
    const { id } = await thing(client, owner.access_token, { type, visibility: 'private' });
    for (const path of [`/entities/${id}`, `/entities?type=${type}`]) {
      const mine = await client.get(path, { token: owner.access_token });
      expect(mine.text).toContain(type);
      for (const who of [{}, { token: other.access_token }, {}])
        expect((await client.get(path, who)).text).not.toContain(type);
    }
  });

  it('is one round trip to read, to list and to write, two to merge attributes', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    const tripsOf = async (call: () => Promise<unknown>) => {
      reset();
      await call();
      return calls.d1;
    };
    expect(await tripsOf(() => client.get(`/entities/${id}`, { token }))).toBe(1);
    expect(await tripsOf(() => client.get('/entities?sort=-quantity', { token }))).toBe(1);
    expect(await tripsOf(() => client.get('/entities?q=thing%20other', { token }))).toBe(1);
    expect(
      await tripsOf(() =>
        client.post('/entities', newThing(), { token, headers: { 'Idempotency-Key': unique('key') } }),
      ),
    ).toBe(1);
    expect(await tripsOf(() => client.put(`/entities/${id}`, newThing(), { token }))).toBe(1);
    expect(await tripsOf(() => client.patch(`/entities/${id}`, { quantity: 9, code: unique('c') }, { token }))).toBe(1);
    expect(await tripsOf(() => client.patch(`/entities/${id}`, { attributes: { a: 1 } }, { token }))).toBe(2);
    expect(await tripsOf(() => client.delete(`/entities/${id}`, { token, headers: { 'If-Match': '"9"' } }))).toBe(1);
    expect(await tripsOf(() => client.delete(`/entities/${id}`, { token }))).toBe(1);
  });

  it('must be valid, where there is one', async () => {
    for (const path of ['/entities', '/entities/1', '/games/1', '/games/1/score?offset=1']) {
      const { status, body, headers } = await client.get(path, { token: 'garbage' });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_invalid' });
      expect(headers.get('WWW-Authenticate')).toContain('invalid_token');
    }
  });
});
