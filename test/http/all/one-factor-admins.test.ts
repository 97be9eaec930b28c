// Where ADMIN_SECOND_FACTOR_REQUIRED is on, an admin whose session proved one factor has a user's rights, also over
// what others own.
import { describe, expect, it } from 'vitest';
import { enrol } from '../../support/authenticator-app.ts';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, sessionToken } from '../../support/people.ts';
import { newThing } from '../../support/things.ts';

const client = newClient({ RATE_LIMITS: 'off' });
await client.env.CONFIG.put('ADMIN_SECOND_FACTOR_REQUIRED', 'true');

/** Somebody's private entity and their game. */
async function belongings() {
  const { access_token: token } = await loggedIn(client);
  const thing = { ...newThing(), visibility: 'private' };
  const entity = await client.post('/entities', thing, { token });
  const stamps = [
    { offset: 0, score: { home: 0, away: 0 } },
    { offset: 5, score: { home: 1, away: 0 } },
  ];
  const game = await client.post('/games', { stamps }, { token });
  expect([entity.status, game.status]).toEqual([201, 201]);
  return { id: entity.body.id as number, code: thing.code, game: game.body.id as string };
}

describe.each(['access', 'session'] as const)('with an %s token', (use) => {
  it('they see, change and delete nothing of others', async () => {
    const { id, code, game } = await belongings();
    const boss = await admin(client);
    const token = use === 'access' ? boss.access_token : await sessionToken(client, boss);
    expect((await client.get(`/entities/${id}`, { token })).status).toBe(404);
    expect((await client.get(`/entities?q=${code}`, { token })).body.entities).toEqual([]);
    expect((await client.put(`/entities/${id}`, newThing(), { token })).status).toBe(404);
    expect((await client.patch(`/entities/${id}`, { quantity: 9 }, { token })).status).toBe(404);
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(404);
    expect((await client.delete(`/games/${game}`, { token })).status).toBe(403);
    expect((await client.send('PUT', '/auth/inventory', { json: { code, quantity: 8 }, token })).status).toBe(404);
    expect((await client.get(`/games/${game}`)).status).toBe(200);
  });

  it('they do so once their session proved two', async () => {
    const { id, game } = await belongings();
    const boss = await admin(client);
    const first = use === 'access' ? boss.access_token : await sessionToken(client, boss);
    await enrol(client, first);
    const refreshed = await client.post('/api/refresh', { refresh_token: boss.refresh_token });
    const token = use === 'access' ? refreshed.body.access_token : first;
    expect((await client.get(`/entities/${id}`, { token })).status).toBe(200);
    expect((await client.patch(`/entities/${id}`, { quantity: 9 }, { token })).status).toBe(200);
    expect((await client.delete(`/games/${game}`, { token })).status).toBe(204);
    expect((await client.delete(`/entities/${id}`, { token })).status).toBe(204);
  });
});
