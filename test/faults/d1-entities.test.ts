// If any call to D1 fails or stalls, before or after it took effect, an entity, a product and a game are whole or not
// there.
import { expect } from 'vitest';
import type { Answer } from '../support/client.ts';
import { client, sound, type Try, underFaults } from '../support/faults.ts';
import { changing as changingEach } from '../support/games.ts';
import { loggedIn } from '../support/people.ts';
import { newThing, thing, unique } from '../support/things.ts';

const { access_token: token } = await loggedIn(sound);

const coded = async (code: string) => (await sound.get(`/entities?code=${code}`, { token })).body.entities;
const found = async (word: string): Promise<number[]> =>
  (await sound.get(`/entities?q=${word}`, { token })).body.entities.map(({ id }: { id: number }) => id);

/** An entity with one word to find it by, about to become one with another word. */
async function changing(change: (id: number, word: string) => Promise<Answer>): Promise<Try> {
  const [old, fresh] = [unique('old'), unique('new')];
  const before = await thing(sound, token, { attributes: { word: old, kept: 1 }, visibility: 'private' });
  return {
    call: () => change(before.id, fresh),
    async holds({ status, body }) {
      const after = (await sound.get(`/entities/${before.id}`, { token })).body;
      const changed = after.version === 2;
      if (status === 200) expect(after).toEqual(body);
      if (!changed) expect(after).toEqual(before);
      expect(await found(old)).toEqual(changed ? [] : [before.id]);
      expect(await found(fresh)).toEqual(changed ? [before.id] : []);
    },
  };
}

/** A read that is answered as before, or not at all. */
async function reading(path: string): Promise<Try> {
  const { body: known } = await sound.get(path, { token });
  return {
    call: () => client.get(path, { token }),
    async holds({ status, body }) {
      if (status !== 503) expect({ status, body }).toEqual({ status: 200, body: known });
    },
  };
}

async function game(): Promise<{ readonly body: { readonly id: number } }> {
  return sound.post('/games', { stamps: [{ offset: 1, score: { home: 0, away: 0 } }] }, { token });
}

async function product(): Promise<{ readonly code: string; readonly type: string; readonly quantity: number }> {
  const fields = newThing();
  expect((await sound.post('/auth/products', fields, { token })).status).toBe(201);
  return fields;
}

const OPERATIONS: Record<string, () => Promise<Try>> = {
  async 'POST /entities'() {
    const word = unique('word');
    const fields = newThing({ attributes: { word } });
    return {
      call: () => client.post('/entities', fields, { token }),
      async holds({ status, body }) {
        const made = await coded(fields.code);
        if (status === 201) expect(made).toEqual([body]);
        expect(await found(word)).toEqual(made.map(({ id }: { id: number }) => id));
        expect((await sound.post('/entities', fields, { token })).status).toBe(made.length === 1 ? 409 : 201);
      },
    };
  },
  async 'POST /entities with an Idempotency-Key'() {
    const fields = newThing();
    const headers = { 'Idempotency-Key': unique('key') };
    return {
      call: () => client.post('/entities', fields, { token, headers }),
      async holds({ status, body }) {
        const again = await sound.post('/entities', fields, { token, headers });
        expect(again.status).toBe(201);
        if (status === 201) expect(again.body).toEqual(body);
        expect(await coded(fields.code)).toEqual([again.body]);
      },
    };
  },
  'PUT /entities/{id}': () =>
    changing((id, word) =>
      client.put(`/entities/${id}`, newThing({ attributes: { word }, visibility: 'private' }), { token }),
    ),
  'PATCH /entities/{id}': () =>
    changing((id, word) =>
      client.patch(`/entities/${id}`, { attributes: { word, kept: null } }, { token, headers: { 'If-Match': '"1"' } }),
    ),
  async 'DELETE /entities/{id}'() {
    const word = unique('word');
    const { id } = await thing(sound, token, { attributes: { word } });
    return {
      call: () => client.delete(`/entities/${id}`, { token }),
      async holds({ status }) {
        const after = (await sound.get(`/entities/${id}`, { token })).status;
        expect([200, 404]).toContain(after);
        if (status === 204) expect(after).toBe(404);
        expect(await found(word)).toEqual(after === 200 ? [id] : []);
      },
    };
  },
  'GET /entities/{id}': async () => reading(`/entities/${(await thing(sound, token)).id}`),
  async 'GET /entities'() {
    const type = unique('type');
    await Promise.all([1, 2, 3].map(() => thing(sound, token, { type })));
    return reading(`/entities?type=${type}&limit=2`);
  },
  async 'POST /auth/products'() {
    const fields = newThing();
    return {
      call: () => client.post('/auth/products', fields, { token }),
      async holds({ status }) {
        const { status: after, body } = await sound.get(`/auth/inventory?code=${fields.code}`, { token });
        expect([200, 404]).toContain(after);
        if (status === 201) expect(after).toBe(200);
        if (after === 200) expect(body.data).toMatchObject(fields);
      },
    };
  },
  async 'PUT /auth/inventory'() {
    const before = await product();
    const after = { code: before.code, type: unique('type'), quantity: 7 };
    return {
      call: () => client.put('/auth/inventory', after, { token }),
      async holds({ status }) {
        const { data } = (await sound.get(`/auth/inventory?code=${before.code}`, { token })).body;
        expect(data).toMatchObject(status === 200 || data.quantity === 7 ? after : before);
      },
    };
  },
  async 'DELETE /auth/inventory'() {
    const { code } = await product();
    return {
      call: () => client.delete(`/auth/inventory?code=${code}`, { token }),
      async holds({ status }) {
        const after = (await sound.get(`/auth/inventory?code=${code}`, { token })).status;
        expect([200, 404]).toContain(after);
        if (status === 200) expect(after).toBe(404);
      },
    };
  },
  async 'POST /games'() {
    const stamps = Array.from({ length: 5 }, (_, offset) => ({ offset, score: { home: offset, away: 0 } }));
    const next = (await game()).body.id + 1;
    return {
      call: () => client.post('/games', { stamps }, { token }),
      async holds({ status, body }) {
        const after = await sound.get(`/games/${next}`);
        expect([200, 404]).toContain(after.status);
        if (status === 201) expect(after.body).toMatchObject(body);
        if (after.status === 200) expect(after.body).toMatchObject({ changes: 5, score: { home: 4, away: 0 } });
      },
    };
  },
  async 'POST /games in three batches'() {
    const stamps = changingEach(2500);
    const next = (await game()).body.id + 1;
    return {
      call: () => client.post('/games', { stamps }, { token }),
      async holds({ status, body }) {
        const after = await sound.get(`/games/${next}`);
        expect([200, 404]).toContain(after.status);
        if (status === 201) expect(after.body).toMatchObject(body);
        if (after.status === 200) expect(after.body).toMatchObject({ changes: 2500, score: { home: 2499 } });
      },
    };
  },
  async 'DELETE /games/{id}'() {
    const { id } = (await sound.post('/games', { stamps: changingEach(5) }, { token })).body;
    return {
      call: () => client.delete(`/games/${id}`, { token }),
      async holds({ status }) {
        const after = await sound.get(`/games/${id}`);
        expect([200, 404]).toContain(after.status);
        if (status === 204) expect(after.status).toBe(404);
        if (after.status === 200) expect(after.body).toMatchObject({ changes: 5, score: { home: 4 } });
      },
    };
  },
  'GET /games/{id}': async () => reading(`/games/${(await game()).body.id}`),
  'GET /games/{id}/score': async () => reading(`/games/${(await game()).body.id}/score?offset=1`),
};

underFaults(OPERATIONS, 50);
