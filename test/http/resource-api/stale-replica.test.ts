// A replica where a former admin still has the role shows them nothing private: the primary is asked, but only then.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, type Pair, type Person, sessionToken } from '../../support/people.ts';
import { staleD1 } from '../../support/stale-d1.ts';
import { thing, unique } from '../../support/things.ts';

const client = newClient();
const type = unique('type');
let owner: Person & Pair;
let entity: { id: number; code: string };

beforeAll(async () => {
  owner = await loggedIn(client);
  entity = await thing(client, owner.access_token, { type, visibility: 'private' });
  await thing(client, owner.access_token, { type });
});

/** Everything that reads entities. `shows` is whether an answer has the private one. */
const READS = [
  () => `/entities/${entity.id}`,
  () => `/entities?type=${type}`,
  () => `/entities?owner=${owner.id}`,
  () => `/entities?code=${entity.code}`,
  () => `/entities?q=${entity.code}`,
  () => `/auth/inventory?code=${entity.code}`,
  () => `/auth/inventory?type=${type}`,
];
const names = READS.map((read, index) => [index, read] as const);

describe.each(names)('read %i', (_, path) => {
  it('shows a former admin what everybody sees, with either token', async () => {
    const former = await admin(client);
    const { DB, calls } = staleD1(
      env.DB,
      `UPDATE accounts SET role = 'admin' WHERE id = ${former.id}`,
      `UPDATE accounts SET role = 'user' WHERE id = ${former.id}`,
    );
    const tokens = [former.access_token, await sessionToken(client, former)];
    await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    const stale = newClient({ DB }, { clock: client.clock });
    for (const token of tokens) {
      const { status, text } = await stale.get(path(), { token });
      expect([200, 404]).toContain(status);
      expect(text).not.toContain(`"${entity.code}"`);
    }
    expect(calls.replica).toBeGreaterThan(0);
  });

  it('shows it to an admin', async () => {
    const { access_token: token } = await admin(client);
    const { status, text } = await client.get(path(), { token });
    expect(status).toBe(200);
    expect(text).toContain(`"${entity.code}"`);
  });

  it('asks the primary nothing for a reader who sees no private entity of others', async () => {
    const { DB, calls } = staleD1(env.DB, 'SELECT 1', 'SELECT 1');
    const near = newClient({ DB }, { clock: client.clock });
    const [boss, stranger] = [await admin(client), await loggedIn(client)];
    for (const token of [owner.access_token, stranger.access_token]) await near.get(path(), { token });
    await near.get(`/entities?type=${unique('none')}`, { token: boss.access_token });
    expect(calls.primary).toBe(0);
    expect(calls.replica).toBe(3);
  });
});
