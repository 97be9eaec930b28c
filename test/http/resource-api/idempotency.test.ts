// Idempotency-Key: the same request, sent again, happens once.
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import { newThing, unique } from '../../support/things.ts';

const client = newClient();
const HOUR_MS = 60 * 60 * 1000;

const create = (token: string, key: string, body: object) =>
  client.post('/entities', body, { token, headers: { 'Idempotency-Key': key } });

it.each([1, 2, 3])('makes one entity of 10 requests at once, and answers them alike (%i)', async () => {
  const { access_token: token, id } = await loggedIn(client);
  const [key, body] = [unique('key'), newThing({ attributes: { a: [1, { b: null }] } })];
  const answers = await Promise.all(Array.from({ length: 10 }, () => create(token, key, body)));
  const [first] = answers;
  expect(first?.status).toBe(201);
  for (const answer of answers) {
    expect(answer.body).toEqual(first?.body);
    for (const header of ['Location', 'ETag']) expect(answer.headers.get(header)).toBe(first?.headers.get(header));
  }
  const { rows } = { rows: await client.env.DB.prepare('SELECT id FROM entities WHERE owner_id = ?').bind(id).all() };
  expect(rows.results).toEqual([{ id: first?.body.id }]);
});

it('answers the first success even when the entity was changed or deleted since', async () => {
  const { access_token: token } = await loggedIn(client);
  const [key, body] = [unique('key'), newThing()];
  const first = await create(token, key, body);
  await client.patch(`/entities/${first.body.id}`, { quantity: 50 }, { token });
  expect((await create(token, key, body)).body).toEqual(first.body);
  await client.delete(`/entities/${first.body.id}`, { token });
  expect(await create(token, key, body)).toMatchObject({ status: 201, body: first.body });
});

it('refuses another body under the same key, and takes the same one written differently', async () => {
  const { access_token: token } = await loggedIn(client);
  const [key, body] = [unique('key'), newThing()];
  const first = await create(token, key, body);
  const other = await create(token, key, { ...body, quantity: 2 });
  expect({ status: other.status, code: other.body.code }).toEqual({ status: 422, code: 'idempotency_key_reused' });
  expect((await create(token, key, { ...body, visibility: 'public', attributes: {} })).body).toEqual(first.body);
});

it('remembers no failure', async () => {
  const { access_token: token } = await loggedIn(client);
  const [key, body] = [unique('key'), newThing()];
  const taken = await client.post('/entities', body, { token });
  expect((await create(token, key, body)).body.code).toBe('code_taken');
  await client.delete(`/entities/${taken.body.id}`, { token });
  expect((await create(token, key, body)).status).toBe(201);
});

it('belongs to one account', async () => {
  const [a, b] = [await loggedIn(client), await loggedIn(client)];
  const key = unique('key');
  const first = await create(a.access_token, key, newThing());
  const second = await create(b.access_token, key, newThing());
  expect(second.status).toBe(201);
  expect(second.body.id).not.toBe(first.body.id);
});

it('is kept for 24 hours', async () => {
  const late = newClient();
  const person = await loggedIn(late);
  const send = async (body: object) => {
    const { body: pair } = await late.post('/api/login', { email: person.email, password: person.password });
    return late.post('/entities', body, { token: pair.access_token, headers: { 'Idempotency-Key': 'the key' } });
  };
  const body = newThing();
  const first = await send(body);
  late.clock.advance(24 * HOUR_MS - 1000);
  expect((await send(body)).body).toEqual(first.body);
  late.clock.advance(2000);
  expect((await send(body)).body.code).toBe('code_taken');
  const again = await send(newThing());
  expect(again.status).toBe(201);
  expect(again.body.id).toBeGreaterThan(first.body.id);
});

it.each(['', 'x'.repeat(256)])('refuses a key of an invalid length', async (key) => {
  const { access_token: token } = await loggedIn(client);
  const { status, body } = await create(token, key, newThing());
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_idempotency_key' });
});

it('makes nothing for an account that was deactivated', async () => {
  const { access_token: token, id } = await loggedIn(client);
  const [key, body] = [unique('key'), newThing()];
  const first = await create(token, key, body);
  await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
  expect((await create(token, key, body)).body.code).toBe('token_revoked');
  expect((await create(token, unique('key'), { ...body, code: first.body.code })).body.code).toBe('token_revoked');
});
