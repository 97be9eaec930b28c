// Quotas: an account owns as many entities as the settings allow, even by concurrent calls; admins own any number.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { entityRows } from '../../../scripts/entity-rows.ts';
import { newClient } from '../../support/client.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, signedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { newThing, thing, unique } from '../../support/things.ts';

const QUOTA = 3;
const { DB, rows } = meteredD1(env.DB);
const client = newClient({ DB, RATE_LIMITS: 'off' });

const create = (token: string, fields: object = {}, headers: Record<string, string> = {}) =>
  client.post('/entities', newThing(fields), { token, headers });
const addProduct = (token: string) => client.post('/auth/products', newThing(), { token });

/** A person who owns as many as the quota allows. */
async function full() {
  const person = await signedIn(client);
  const made = [];
  for (let number = 0; number < QUOTA; number += 1)
    made.push(await thing(client, person.token, { visibility: number % 2 === 0 ? 'private' : 'public' }));
  return { ...person, made };
}

const counted = (ownerId: number) =>
  env.DB.prepare(
    `SELECT count(*) AS owned, (SELECT owned FROM entities WHERE owner_id = ?1 ORDER BY id DESC LIMIT 1) AS kept
     FROM entities WHERE owner_id = ?1`,
  )
    .bind(ownerId)
    .first<{ owned: number; kept: number | null }>();

beforeAll(() => configure(client, { MAX_ENTITIES_PER_ACCOUNT: String(QUOTA) }));

describe('an account that owns as many entities as it may', () => {
  it('makes no more of them, on either surface', async () => {
    const { token, id } = await full();
    const { status, body } = await create(token);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'quota_exceeded' });
    const product = await addProduct(token);
    expect({ status: product.status, body: product.body }).toEqual({
      status: 403,
      body: { status: 'error', message: 'Too many products. Please delete some of them.' },
    });
    expect(await counted(id)).toEqual({ owned: QUOTA, kept: QUOTA });
  });

  it('changes what it has, and makes another for each that it deletes', async () => {
    const { token, made } = await full();
    const [first, second, third] = made;
    expect((await client.put(`/entities/${first.id}`, newThing(), { token })).status).toBe(200);
    expect((await client.patch(`/entities/${second.id}`, { visibility: 'private' }, { token })).status).toBe(200);
    expect((await create(token)).status).toBe(403);
    for (const { id } of [third, first]) {
      expect((await client.delete(`/entities/${id}`, { token })).status).toBe(204);
      expect((await create(token)).status).toBe(201);
      expect((await create(token)).status).toBe(403);
    }
    expect((await client.delete(`/auth/inventory?code=${second.code}`, { token })).status).toBe(200);
    expect((await addProduct(token)).status).toBe(201);
  });

  it('is answered the first success of a key again, and stores no other key', async () => {
    const { token } = await signedIn(client);
    const [key, fields] = [unique('key'), newThing()];
    const send = (it: object, name: string) =>
      client.post('/entities', it, { token, headers: { 'Idempotency-Key': name } });
    const first = await send(fields, key);
    for (let number = 1; number < QUOTA; number += 1) await thing(client, token);
    const last = await client.get(`/entities?owner=me&sort=-id&limit=1`, { token });
    expect(await send(fields, key)).toMatchObject({ status: 201, body: first.body });
    const { code, type, quantity } = last.body.entities[0];
    for (const again of [newThing(), { code, type, quantity }, { ...fields, quantity: 2 }]) {
      const refused = await send(again, unique('other'));
      expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'quota_exceeded' });
    }
    const other = unique('other');
    const late = newThing();
    expect((await send(late, other)).status).toBe(403);
    await client.delete(`/entities/${first.body.id}`, { token });
    expect((await send(late, other)).status).toBe(201);
  });

  it('is told that its token is invalid, once it is', async () => {
    const { token, id } = await full();
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    expect((await create(token)).body.code).toBe('token_revoked');
  });
});

it('lets one of 10 at once take the last place', async () => {
  const { token, id } = await signedIn(client);
  for (let number = 1; number < QUOTA; number += 1) await thing(client, token);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, number) =>
      create(token, {}, number % 2 === 0 ? { 'Idempotency-Key': unique('key') } : {}),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(403)]);
  expect(await counted(id)).toEqual({ owned: QUOTA, kept: QUOTA });
});

it('does not bind admins, until they lose the role', async () => {
  const { access_token: token, id } = await admin(client);
  for (let number = 0; number < QUOTA + 3; number += 1) expect((await create(token)).status).toBe(201);
  expect(await counted(id)).toEqual({ owned: QUOTA + 3, kept: QUOTA + 3 });
  await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(id).run();
  expect((await create(token)).body.code).toBe('quota_exceeded');
});

it('counts entities that the earlier version makes and deletes', async () => {
  const { token, id } = await signedIn(client);
  const make = () =>
    env.DB.prepare(
      `insert into "entities" ("id", "code", "type", "quantity", "attributes", "private", "owner_id", "version",
         "created_at", "updated_at", "words") values (null, ?, 't', 1, '{}', 1, ?, 1, 1, 1, '{}')`,
    )
      .bind(unique('code'), id)
      .run();
  await make();
  await thing(client, token);
  await make();
  expect((await create(token)).status).toBe(403);
  await env.DB.prepare('delete from entities where id = (select max(id) from entities where owner_id = ?)')
    .bind(id)
    .run();
  expect((await create(token)).status).toBe(201);
  expect((await create(token)).status).toBe(403);
});

it('keeps count whatever is made, hidden, shown and deleted', async () => {
  const { access_token: token, id } = await admin(client);
  const other = await admin(client);
  const left: number[] = [];
  let seed = 7;
  const below = (n: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let step = 0; step < 60; step += 1) {
    const at = below(left.length + 1);
    const [chosen, deed] = [left[at], below(3)];
    if (chosen === undefined || deed === 0) {
      left.push((await thing(client, token, { visibility: below(2) === 0 ? 'public' : 'private' })).id);
    } else if (deed === 1) {
      await client.patch(`/entities/${chosen}`, { visibility: below(2) === 0 ? 'public' : 'private' }, { token });
    } else {
      await client.delete(`/entities/${chosen}`, { token: below(2) === 0 ? token : other.access_token });
      left.splice(at, 1);
    }
    expect(await counted(id)).toEqual({ owned: left.length, kept: left.length === 0 ? null : left.length });
  }
});

it('costs the same however many an account owns', async () => {
  await configure(client, { MAX_ENTITIES_PER_ACCOUNT: '10000000' });
  const { token, id } = await signedIn(client);
  for (const visibility of ['public', 'private']) await thing(client, token, { visibility });
  const cost = async () => {
    await client.get('/auth/status', { token }); // the use of the session is recorded
    rows();
    await thing(client, token, { code: unique('word').replaceAll('-', ''), attributes: { text: 'one two three' } });
    return rows();
  };
  const few = await cost();
  const now = Date.now();
  await env.DB.prepare(
    entityRows({ owners: [id], highestId: 1000, startMs: now, endMs: now, count: 3000 }, 0, 3000),
  ).run();
  const many = await cost();
  expect(many).toEqual(few);
  expect(many.written).toBeLessThanOrEqual(20);
});
