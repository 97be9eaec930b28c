// The limits that the benchmark compares our operations with cost D1 the same: the same rows, in one round trip.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import limits from '../../bench/workers/limits.ts';
import { newClient } from '../support/client.ts';
import { counted } from '../support/counting.ts';
import { meteredD1 } from '../support/metered-d1.ts';
import { loggedIn } from '../support/people.ts';
import { newThing, thing, unique } from '../support/things.ts';

const { DB, calls: statements, rows } = meteredD1(env.DB);
const { env: stores, calls: trips, reset } = counted({ ...env, DB });
const client = newClient(stores);

/** The rows and round trips of a call. */
async function costOf<T>(call: () => Promise<T>) {
  reset();
  statements();
  const answer = await call();
  return { answer, cost: { ...rows(), ...trips } };
}

/** Calls the limit at that path. */
async function limit(method: string, path: string, json?: unknown) {
  const context = createExecutionContext();
  const init = json === undefined ? { method } : { method, body: JSON.stringify(json) };
  const response = await limits.fetch(new Request(`http://localhost${path}`, init), { ...env, ...stores }, context);
  await waitOnExecutionContext(context);
  expect(response.ok).toBe(true);
  return response.json<Record<string, unknown>>();
}

const attributes = { colour: 'blue' };
const code = () => unique('code').replaceAll('-', '');

it('reads an entity as ours does', async () => {
  const { access_token: token } = await loggedIn(client);
  const { id } = await thing(client, token, { attributes });
  const ours = await costOf(() => client.get(`/entities/${id}`, { token }));
  const bare = await costOf(() => limit('GET', `/entities/${id}`));
  expect(bare.cost).toEqual(ours.cost);
  expect(bare.answer).toMatchObject({ id, attributes, code: ours.answer.body.code, version: 1 });
});

it('reads the entities of a page as ours does, which adds only the rows for the right to see them', async () => {
  const { access_token: token } = await loggedIn(client);
  for (let made = 0; made < 22; made += 1) await thing(client, token);
  const ours = await costOf(() => client.get('/entities?limit=20', { token }));
  const bare = await costOf(() => limit('GET', '/entities'));
  expect(bare.cost).toEqual({ ...ours.cost, read: 21 });
  expect(ours.cost.read - bare.cost.read).toBeLessThanOrEqual(2);
  expect(bare.answer).toMatchObject({ entities: ours.answer.body.entities.map(({ id }: { id: number }) => ({ id })) });
});

it('inserts an entity as ours does', async () => {
  const { access_token: token } = await loggedIn(client);
  await thing(client, token); // an owner's first
  const ours = await costOf(() => client.post('/entities', newThing({ code: code(), attributes }), { token }));
  const bare = await costOf(() => limit('POST', '/entities', newThing({ code: code(), attributes })));
  expect(ours.answer.status).toBe(201);
  expect(bare.cost).toEqual({ ...ours.cost, read: expect.any(Number) });
});

it('rotates the token of a session as ours does', async () => {
  const { refresh_token } = await loggedIn(client);
  const ours = await costOf(() => client.post('/api/refresh', { refresh_token }));
  const session = await limit('POST', '/session', {});
  const bare = await costOf(() => limit('POST', '/rotate-put', session));
  expect(ours.answer.status).toBe(200);
  expect(bare.cost).toEqual({ ...ours.cost, read: expect.any(Number) });
  expect(bare.cost).toMatchObject({ d1: 1, kvWrites: 1, written: 2 });
});
