// Concurrent writes of entities: no change is lost, one entity has a code, a key makes one entity.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { signedIn } from '../../support/people.ts';
import { RACE_TIMEOUT_MS, raced, statuses } from '../../support/race.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const timeout = RACE_TIMEOUT_MS;

const chair = (code: string) => ({ code, type: 'chair', quantity: 1, attributes: {} });
const owner = await signedIn(client);
const token = owner.token;

async function made() {
  const { status, body, headers } = await client.post('/entities', chair(crypto.randomUUID()), { token });
  expect(status).toBe(201);
  return {
    path: `/entities/${body.id}`,
    id: body.id as number,
    code: body.code as string,
    etag: headers.get('ETag') ?? '',
  };
}

describe('changes of one entity', () => {
  it('are all kept, each a version of its own', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const { path, code } = await made();
      const answers = await start([
        ...['a', 'b', 'c', 'd'].map((key) => () => client.patch(path, { attributes: { [key]: 1 } }, { token })),
        () => client.patch(path, { quantity: 7 }, { token }),
        () => client.put('/auth/inventory', { code, type: 'table' }, { token }),
      ]);
      const { body } = await client.get(path, { token });
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(body).toMatchObject({ quantity: 7, type: 'table', attributes: { a: 1, b: 1, c: 1, d: 1 }, version: 7 });
      return 'kept';
    });
  });

  it('with the same If-Match are one change', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const { path, etag } = await made();
      const headers = { 'If-Match': etag };
      const answers = await start([
        () => client.patch(path, { quantity: 2 }, { token, headers }),
        () => client.put(path, chair(crypto.randomUUID()), { token, headers }),
        () => client.patch(path, { quantity: 3 }, { token, headers }),
        () => client.delete(path, { token, headers }),
      ]);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      for (const { status } of answers) expect([200, 204, 404, 412]).toContain(status);
      return statuses(answers);
    });
  });
});

describe('a code that several want', () => {
  it('is given to one of them, on whichever surface', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const code = crypto.randomUUID();
      const product = { code, type: 'chair', quantity: 1 };
      const other = await made();
      const answers = await start([
        () => client.post('/entities', chair(code), { token }),
        () => client.post('/auth/products', product, { token }),
        () => client.patch(other.path, { code }, { token }),
        () => client.post('/entities', chair(code), { token }),
      ]);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      for (const { status } of answers) expect([200, 201, 409]).toContain(status);
      return statuses(answers);
    });
  });
});

describe('an Idempotency-Key', () => {
  it('makes one entity, and answers it to all', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const json = chair(crypto.randomUUID());
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const answers = await start(
        Array.from({ length: 4 }, () => () => client.post('/entities', json, { token, headers })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      return 'one';
    });
  });
});

describe('an account that is deleted', () => {
  it('takes along entities that are made at the same time, or prevents them', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const leaver = await signedIn(client);
      const json = { ...chair(crypto.randomUUID()), visibility: 'private' };
      const answers = await start([
        () => client.post('/entities', json, { token: leaver.token }),
        () => client.delete('/api/me', { token: leaver.token }),
        () => client.post('/entities', { ...json, code: `${json.code}-2` }, { token: leaver.token }),
      ]);
      expect(answers[1]?.status).toBe(204);
      for (const { status } of answers) expect([201, 204, 401]).toContain(status);
      const { results } = await client.env.DB.prepare('SELECT id FROM entities WHERE code LIKE ?')
        .bind(`${json.code}%`)
        .all();
      expect(results).toEqual([]);
      return statuses(answers);
    });
  });
});
