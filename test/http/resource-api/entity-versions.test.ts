// Versions: ETag, If-Match, If-None-Match, and which of two concurrent writers wins.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import { newThing, thing } from '../../support/things.ts';

const client = newClient();
const matching = (token: string, tag: string) => ({ token, headers: { 'If-Match': tag } });

describe('If-Match', () => {
  it.each(['"1"', '*', '"7", "1"', 'W/"1", "1"'])('writes when it is %s', async (tag) => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    expect((await client.put(`/entities/${id}`, newThing(), matching(token, tag))).status).toBe(200);
  });

  it.each(['"2"', '"0"', 'W/"1"', '1', '""', '"1x"', '"99999999999999999999"'])(
    'refuses every write when it is %s',
    async (tag) => {
      const { access_token: token } = await loggedIn(client);
      const { id } = await thing(client, token);
      const answers = [
        await client.put(`/entities/${id}`, newThing(), matching(token, tag)),
        await client.patch(`/entities/${id}`, { quantity: 2 }, matching(token, tag)),
        await client.patch(`/entities/${id}`, { attributes: { a: 2 } }, matching(token, tag)),
        await client.delete(`/entities/${id}`, matching(token, tag)),
      ];
      for (const { status, body } of answers)
        expect({ status, code: body.code }).toEqual({ status: 412, code: 'precondition_failed' });
      expect((await client.get(`/entities/${id}`, { token })).body.version).toBe(1);
    },
  );

  it('tells no version to a caller who may not write', async () => {
    const [owner, stranger] = [await loggedIn(client), await loggedIn(client)];
    const open = await thing(client, owner.access_token);
    const hidden = await thing(client, owner.access_token, { visibility: 'private' });
    const writing = matching(stranger.access_token, '"9"');
    expect((await client.delete(`/entities/${open.id}`, writing)).status).toBe(403);
    expect((await client.delete(`/entities/${hidden.id}`, writing)).status).toBe(404);
  });

  it.each(Array.from({ length: 10 }, (_, round) => round))(
    'lets exactly one of two concurrent replacements through (%i)',
    async () => {
      const { access_token: token } = await loggedIn(client);
      const { id } = await thing(client, token);
      const answers = await Promise.all(
        [1, 2].map((quantity) => client.put(`/entities/${id}`, newThing({ quantity }), matching(token, '"1"'))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const winner = answers.find(({ status }) => status === 200);
      expect((await client.get(`/entities/${id}`, { token })).body).toEqual(winner?.body);
    },
  );

  it('lets exactly one of 5 concurrent merges through', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    const merge = (key: number) =>
      client.patch(`/entities/${id}`, { attributes: { [key]: 1 } }, matching(token, '"1"'));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(merge));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
  });
});

describe('If-None-Match', () => {
  it.each(['"1"', 'W/"1"', '"7", "1"', '*'])('saves the body when it is %s, with a token and without', async (tag) => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    for (const who of [{ token }, {}, {}]) {
      const { status, text, headers } = await client.get(`/entities/${id}/`, {
        ...who,
        headers: { 'If-None-Match': tag },
      });
      expect({ status, text, etag: headers.get('ETag') }).toEqual({ status: 304, text: '', etag: '"1"' });
    }
  });

  it('answers the body of another version', async () => {
    const { access_token: token } = await loggedIn(client);
    const { id } = await thing(client, token);
    await client.patch(`/entities/${id}`, { quantity: 2 }, { token });
    const { status, headers } = await client.get(`/entities/${id}`, { token, headers: { 'If-None-Match': '"1"' } });
    expect({ status, etag: headers.get('ETag') }).toEqual({ status: 200, etag: '"2"' });
  });
});
