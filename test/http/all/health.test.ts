// /healthz is answered from a check of the last five seconds: however many ask, the stores are asked once.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { intercepted } from '../../support/intercepted.ts';

/** A client of its own stores, which count their calls. */
function watchedClient() {
  const { env: stores, calls } = counted(env);
  return { client: newClient(stores), calls };
}

/** A D1 that counts its calls and never answers. */
function downD1(answer: () => Promise<unknown>) {
  const asked = { times: 0 };
  const statement = {
    first: () => {
      asked.times += 1;
      return answer();
    },
  };
  return { DB: intercepted(env.DB, (name, method) => (name === 'prepare' ? () => statement : method)), asked };
}

const DOWN = { status: 'failing', checks: { d1: 'failing', kv: 'ok' }, version: expect.any(String) };

it('many at once share one check of each store, HEAD too', async () => {
  const { client, calls } = watchedClient();
  const answers = await Promise.all([
    ...Array.from({ length: 30 }, () => client.get('/healthz')),
    ...Array.from({ length: 10 }, () => client.send('HEAD', '/healthz')),
  ]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(calls).toEqual({ d1: 1, kvReads: 1, kvWrites: 0 });
});

it('a check is five seconds old at most', async () => {
  const { client, calls } = watchedClient();
  await client.get('/healthz');
  client.clock.advance(4999);
  expect((await client.get('/healthz/')).body).toMatchObject({ status: 'ok', checks: { d1: 'ok', kv: 'ok' } });
  expect(calls.d1).toBe(1);
  client.clock.advance(1);
  expect((await client.send('HEAD', '/healthz')).status).toBe(200);
  expect(calls).toEqual({ d1: 2, kvReads: 2, kvWrites: 0 });
});

it('a failed check is an answer for five seconds as well, and a later one finds that the store is back', async () => {
  let isDown = true;
  const { DB, asked } = downD1(async () => {
    if (isDown) throw new Error('D1_ERROR: secret words');
  });
  const client = newClient({ DB });
  for (let time = 0; time < 10; time += 1) {
    const { status, body } = await client.get('/healthz');
    expect({ status, body }).toEqual({ status: 503, body: DOWN });
  }
  expect(asked.times).toBe(1);
  isDown = false;
  client.clock.advance(5000);
  expect((await client.get('/healthz')).status).toBe(200);
});

it('a store that does not answer at all is down, for all who asked meanwhile', async () => {
  const { DB, asked } = downD1(() => new Promise(() => {}));
  const client = newClient({ DB });
  const answers = await Promise.all([client.get('/healthz'), client.get('/healthz'), client.get('/healthz')]);
  for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 503, body: DOWN });
  expect(asked.times).toBe(1);
});
