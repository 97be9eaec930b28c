// An account writes entities, products and games 60 times in 10 s, over all of its sessions and tokens; admins write
// on.
import { env } from 'cloudflare:workers';
import { beforeEach, expect, it, type MockInstance, vi } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { openApi } from '../../support/document.ts';
import { admin, loggedIn, registered, sessionToken } from '../../support/people.ts';
import { newThing, thing, unique } from '../../support/things.ts';

const LIMIT = 60;
const { env: stores, calls, reset } = counted(env);
const client = newClient(stores);
let wait: MockInstance<Scheduler['wait']>;
beforeEach(() => {
  wait = vi.spyOn(scheduler, 'wait').mockResolvedValue();
});

const stamps = [{ offset: 0, score: { home: 0, away: 0 } }];
const WRITES: readonly ((token: string, n: number) => Promise<Answer>)[] = [
  (token) => client.post('/entities', newThing(), { token }),
  (token) => client.post('/auth/products', newThing(), { token }),
  (token) => client.post('/games', { stamps }, { token }),
  (token) => client.put('/entities/999999', newThing(), { token }),
  (token) => client.patch('/entities/999999', { quantity: 1 }, { token }),
  (token) => client.delete('/entities/999999', { token }),
  (token) => client.put('/auth/inventory', { code: unique('none'), quantity: 1 }, { token }),
  (token) => client.delete(`/auth/inventory?code=${unique('none')}`, { token }),
];

const PERIOD_MS = 10 * 1000;
/** Longer than a test's writes and the checks after them take. */
const NEEDED_MS = 7 * 1000;

/** The window is aligned to the wall clock: waits for the next one where this one is about to end. */
async function freshWindow(): Promise<void> {
  const left = PERIOD_MS - (Date.now() % PERIOD_MS);
  if (left < NEEDED_MS) await nextWindow();
}

const nextWindow = () => new Promise((resolve) => setTimeout(resolve, PERIOD_MS - (Date.now() % PERIOD_MS)));

/** Writes in every way, with each token in turn, until refused. */
async function writeUntilRefused(tokens: readonly string[]) {
  await freshWindow();
  for (let sent = 1; sent <= 3 * LIMIT; sent += 1) {
    const answer = await WRITES[sent % WRITES.length]?.(tokens[sent % tokens.length] ?? '', sent);
    if (answer?.status === 429) return { ...answer, sent };
  }
  throw new Error('never refused');
}

it('refuses the 61st write of an account, whichever token and surface it uses', async () => {
  const person = await loggedIn(client);
  const tokens = [person.access_token, await sessionToken(client, person), await sessionToken(client, person)];
  const { sent } = await writeUntilRefused(tokens);
  expect(sent).toBeGreaterThan(LIMIT);
  for (const token of tokens) {
    const { status, body, headers } = await client.post('/entities', newThing(), { token });
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'too_many_requests' });
    expect(headers.get('Retry-After')).toBe('10');
    const product = await client.post('/auth/products', newThing(), { token });
    expect({ status: product.status, body: product.body }).toEqual({
      status: 429,
      body: { status: 'error', message: 'Too many requests. Please try again later.' },
    });
    expect(product.headers.get('Retry-After')).toBe('10');
    expect((await client.get('/entities', { token })).status).toBe(200);
  }
  const other = await loggedIn(client);
  expect((await client.post('/entities', newThing(), { token: other.access_token })).status).toBe(201);
});

it('asks the database for the role once over the limit, and never below it', async () => {
  const { access_token: token } = await loggedIn(client);
  reset();
  await thing(client, token);
  expect(calls.d1).toBe(1);
  await writeUntilRefused([token]);
  reset();
  for (let call = 0; call < 5; call += 1)
    expect((await client.post('/entities', newThing(), { token })).status).toBe(429);
  expect(calls.d1).toBe(0);
});

it('refuses a session over the limit before its row and its body are read, and counts six calls a second', async () => {
  const person = await loggedIn(client);
  const token = await sessionToken(client, person);
  await writeUntilRefused([token]);
  reset();
  const unread = { raw: 'not JSON', token, headers: { 'Content-Type': 'application/json' } };
  for (let call = 0; call < 5; call += 1) expect((await client.send('POST', '/entities', unread)).status).toBe(429);
  expect(calls.d1).toBe(0);
  client.clock.advance(167);
  for (let call = 0; call < 5; call += 1) expect((await client.send('POST', '/entities', unread)).status).toBe(429);
  expect(calls.d1).toBe(1);
});

it('spaces the writes of an account that goes on while it is refused, over all of its sessions', async () => {
  const person = await loggedIn(client);
  const tokens = [person.access_token, await sessionToken(client, person)];
  await writeUntilRefused(tokens);
  for (const token of tokens) expect((await client.post('/entities', newThing(), { token })).status).toBe(429);
  await nextWindow();
  const written = async () => {
    const answers = tokens.flatMap((token) =>
      Array.from({ length: 10 }, () => client.delete('/entities/0', { token })),
    );
    return (await Promise.all(answers)).filter(({ status }) => status !== 429).length;
  };
  client.clock.advance(9000);
  expect(await written()).toBe(1);
  expect(await written()).toBe(0);
  client.clock.advance(167);
  expect(await written()).toBe(1);
  client.clock.advance(9999);
  expect(await written()).toBe(1);
  client.clock.advance(10_000);
  expect(await written()).toBe(20);
});

it('does not space the writes of an account that was made an admin meanwhile', async () => {
  const person = await loggedIn(client);
  const { access_token: token } = person;
  await writeUntilRefused([token]);
  const { access_token } = await admin(client);
  const { status } = await client.patch(`/api/admin/users/${person.id}/`, { role: 'admin' }, { token: access_token });
  expect(status).toBe(200);
  const refused = async () => expect((await client.post('/entities', newThing(), { token })).status).toBe(429);
  await refused();
  client.clock.advance(5000);
  await refused(); // counted: it is known for a period that this is no admin
  await refused();
  await nextWindow();
  client.clock.advance(5000);
  for (let call = 0; call < 3; call += 1)
    expect((await client.post('/entities', newThing(), { token })).status).toBe(201);
});

it('holds back the refusals of a session over the limit, one after another, unless there are too many', async () => {
  const { access_token: token } = await loggedIn(client);
  await writeUntilRefused([token]);
  expect(wait).not.toHaveBeenCalled();
  const waits = async (times: number) => {
    wait.mockClear();
    for (let call = 0; call < times; call += 1)
      expect((await client.post('/entities', newThing(), { token })).status).toBe(429);
    return wait.mock.calls.map(([milliseconds]) => milliseconds);
  };
  client.clock.advance(9000); // refusals of the tests before are held no more
  await waits(1); // counted, and not held
  expect(await waits(1219)).toEqual(Array.from({ length: 1219 }, (_, n) => 250 + 8 * n));
  client.clock.advance(8);
  expect(await waits(2)).toEqual([9994]);
  client.clock.advance(9999);
  await waits(1); // counted
  expect(await waits(1)).toEqual([]);
  client.clock.advance(1);
  expect(await waits(2)).toEqual([250, 258]);
});

it('lets an admin write on, with either kind of token', async () => {
  const person = await admin(client);
  const tokens = [person.access_token, await sessionToken(client, person)];
  for (let sent = 0; sent < 2 * LIMIT + 10; sent += 1) {
    const { status } = await client.put('/entities/999999', newThing(), { token: tokens[sent % 2] ?? '' });
    expect(status).toBe(404);
  }
});

it('does not count what a token that no longer holds sends', async () => {
  const person = await registered(client);
  const [ended, live] = [await sessionToken(client, person), await sessionToken(client, person)];
  await client.delete('/auth', { token: ended });
  for (let sent = 0; sent < 2 * LIMIT; sent += 1)
    expect((await client.post('/entities', newThing(), { token: ended })).status).toBe(401);
  expect((await client.post('/entities', newThing(), { token: live })).status).toBe(201);
});

it('is off where RATE_LIMITS is', async () => {
  const open = newClient({ RATE_LIMITS: 'off' });
  const { access_token: token } = await loggedIn(open);
  for (let sent = 0; sent < 2 * LIMIT + 10; sent += 1)
    expect((await open.put('/entities/999999', newThing(), { token })).status).toBe(404);
});

it('is in the document of every write of entities, products and games', async () => {
  const { paths } = await openApi();
  const responses = Object.entries(paths)
    .filter(([path]) => /^\/(entities|games|auth\/(products|inventory))/.test(path))
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, it]) => ({ path, method, it })))
    .filter(({ method }) => method !== 'get');
  expect(responses.length).toBeGreaterThanOrEqual(8);
  for (const { path, method, it } of responses) expect(Object.keys(it.responses), `${method} ${path}`).toContain('429');
});
