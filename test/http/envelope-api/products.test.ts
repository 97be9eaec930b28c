// /auth/products and /auth/inventory: entities in the envelope.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, signedIn } from '../../support/people.ts';
import { thing, unique } from '../../support/things.ts';

const client = newClient();
const newProduct = (fields: object = {}) => ({ code: unique('CODE'), type: 'shoe', quantity: 7, ...fields });
const said = ({ status, body }: { readonly status: number; readonly body: unknown }) => [status, body];
const success = (message: string, data?: object) => ({ status: 'success', message, ...(data ? { data } : {}) });
const failure = (message: string) => ({ status: 'error', message });

describe('POST /auth/products', () => {
  it('adds a product that is an entity as well', async () => {
    for (const path of ['/auth/products', '/auth/products/']) {
      const { token, id } = await signedIn(client);
      const product = newProduct();
      expect(said(await client.post(path, product, { token }))).toEqual([201, success('Product added.', product)]);
      const { body } = await client.get(`/entities?code=${product.code}`, { token });
      expect(body.entities).toMatchObject([{ ...product, owner_id: id, visibility: 'public', attributes: {} }]);
    }
  });

  it('refuses invalid fields and a code that exists', async () => {
    const { access_token: token } = await loggedIn(client);
    const product = newProduct();
    await client.post('/auth/products', product, { token });
    expect(said(await client.post('/auth/products', product, { token }))).toEqual([
      409,
      failure('Product code already exists.'),
    ]);
    for (const body of [
      {},
      newProduct({ quantity: -1 }),
      newProduct({ quantity: '7' }),
      newProduct({ code: 'a\u0000' }),
      newProduct({ type: undefined }),
    ]) {
      expect(said(await client.post('/auth/products', body, { token }))).toEqual([400, failure('Invalid payload.')]);
    }
    expect(said(await client.post('/auth/products', newProduct()))).toEqual([
      401,
      failure('Provide a valid auth token.'),
    ]);
    expect(said(await client.post('/auth/products', newProduct(), { token: 'x' }))).toEqual([
      401,
      failure('Invalid token. Please log in again.'),
    ]);
  });
});

describe('GET /auth/inventory', () => {
  it('finds a product by its code, which wins over a type', async () => {
    const { access_token: token } = await loggedIn(client);
    const product = newProduct();
    await client.post('/auth/products', product, { token });
    for (const query of [`code=${product.code}`, `code=${product.code}&type=other`]) {
      expect(said(await client.get(`/auth/inventory?${query}`))).toEqual([200, { status: 'success', data: product }]);
    }
    for (const code of [product.code.toLowerCase(), 'x'.repeat(99), '%00', "'"]) {
      expect(said(await client.get(`/auth/inventory/?code=${code}`))).toEqual([
        404,
        failure('Product does not exist.'),
      ]);
    }
  });

  it('lists at most 100 products of a type, and none of a type without any', async () => {
    const { access_token: token } = await loggedIn(client);
    const type = unique('type');
    const products = [newProduct({ type }), newProduct({ type })];
    for (const product of products) await client.post('/auth/products', product, { token });
    expect(said(await client.get(`/auth/inventory?type=${type}`))).toEqual([
      200,
      { status: 'success', data: products },
    ]);
    await env.DB.prepare(
      `INSERT INTO entities (code, type, quantity, attributes, private, version, created_at, updated_at, words)
       SELECT 'many-' || value, ?, 1, '{}', 0, 1, 1e13, 1e13, '{}' FROM json_each(?)`,
    )
      .bind(type, JSON.stringify(Array.from({ length: 150 }, (_, index) => index)))
      .run();
    expect((await client.get(`/auth/inventory?type=${type}`)).body.data).toHaveLength(100);
    expect((await client.get(`/auth/inventory?type=${unique('none')}`)).body.data).toEqual([]);
  });

  it('refuses a query with neither', async () => {
    for (const query of ['', '?code=', '?type=', '?x=1'])
      expect(said(await client.get(`/auth/inventory${query}`))).toEqual([400, failure('Invalid payload.')]);
  });

  it('shows private ones to their owner and to admins', async () => {
    const [owner, other, boss] = [await loggedIn(client), await loggedIn(client), await admin(client)];
    const type = unique('type');
    const { code } = await thing(client, owner.access_token, { type, visibility: 'private' });
    for (const { access_token: token } of [owner, boss]) {
      expect((await client.get(`/auth/inventory?code=${code}`, { token })).status).toBe(200);
      expect((await client.get(`/auth/inventory?type=${type}`, { token })).body.data).toHaveLength(1);
    }
    for (const who of [{ token: other.access_token }, {}]) {
      expect((await client.get(`/auth/inventory?code=${code}`, who)).status).toBe(404);
      expect((await client.get(`/auth/inventory?type=${type}`, who)).body.data).toEqual([]);
    }
  });
});

describe('PUT /auth/inventory', () => {
  it('changes the given fields', async () => {
    const { access_token: token } = await loggedIn(client);
    const product = newProduct();
    await client.post('/auth/products', product, { token });
    const put = async (change: object) =>
      said(await client.put('/auth/inventory', { code: product.code, ...change }, { token }));
    expect(await put({ quantity: 8 })).toEqual([200, success('Product updated.', { ...product, quantity: 8 })]);
    expect(await put({ type: 'boot' })).toEqual([
      200,
      success('Product updated.', { ...product, type: 'boot', quantity: 8 }),
    ]);
    expect(await put({ quantity: -8 })).toEqual([400, failure('Invalid payload.')]);
    expect(await put({ type: 5 })).toEqual([400, failure('Invalid payload.')]);
  });
});

describe('DELETE /auth/inventory', () => {
  it('deletes by the code in the body or in the query', async () => {
    const { access_token: token } = await loggedIn(client);
    const [a, b] = [newProduct(), newProduct()];
    for (const product of [a, b]) await client.post('/auth/products', product, { token });
    expect(said(await client.delete('/auth/inventory', { json: { code: a.code }, token }))).toEqual([
      200,
      success('Product deleted.'),
    ]);
    expect(said(await client.delete(`/auth/inventory/?code=${b.code}`, { token }))).toEqual([
      200,
      success('Product deleted.'),
    ]);
    expect(said(await client.delete(`/auth/inventory?code=${b.code}`, { token }))).toEqual([
      404,
      failure('Product does not exist.'),
    ]);
    for (const sending of [{}, { json: {} }, { json: { code: 5 } }]) {
      expect(said(await client.delete('/auth/inventory', { ...sending, token }))).toEqual([
        400,
        failure('Invalid payload.'),
      ]);
    }
  });
});

it('forbids strangers to write public ones, and hides private ones from them', async () => {
  const [owner, other] = [await loggedIn(client), await loggedIn(client)];
  const open = await thing(client, owner.access_token);
  const hidden = await thing(client, owner.access_token, { visibility: 'private' });
  const attempts = (code: string, token?: string) =>
    Promise.all([
      client.put('/auth/inventory', { code, quantity: 1 }, token ? { token } : {}),
      client.delete(`/auth/inventory?code=${code}`, token ? { token } : {}),
    ]);
  for (const answer of await attempts(open.code, other.access_token))
    expect(said(answer)).toEqual([403, failure('Forbidden.')]);
  for (const answer of await attempts(hidden.code, other.access_token))
    expect(said(answer)).toEqual([404, failure('Product does not exist.')]);
  for (const answer of await attempts(open.code))
    expect(said(answer)).toEqual([401, failure('Provide a valid auth token.')]);
});
