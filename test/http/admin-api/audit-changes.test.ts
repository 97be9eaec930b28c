// Changes and deletions in the trail: the names of an account's fields, and admins' writes to entities of others.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, type Pair, type Person, signedIn, stranger } from '../../support/people.ts';
import { newThing, thing, unique } from '../../support/things.ts';
import { post, signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
let boss: Person & Pair;

beforeAll(async () => {
  boss = await admin(client);
});

const eventsOf = async (id: number, action: string) => {
  const { body } = await client.get(`/api/admin/audit?user_id=${id}&action=${action}`, { token: boss.access_token });
  return body.events.map(({ actor_id, detail }: { actor_id: number; detail: object }) => ({ actor_id, detail }));
};

describe('a change of an account', () => {
  it('names the fields that changed, and none of their values', async () => {
    const { id, username, access_token: token } = await loggedIn(client);
    const names = stranger();
    for (const change of [
      { email: names.email, username: names.username },
      { username, email: names.email },
      { email: '' },
    ])
      expect((await client.patch('/api/me', change, { token })).status).toBe(200);
    const events = await eventsOf(id, 'account.updated');
    expect(events).toEqual([
      { actor_id: id, detail: { fields: ['email'] } },
      { actor_id: id, detail: { fields: ['username'] } },
      { actor_id: id, detail: { fields: ['email', 'username'] } },
    ]);
    expect(JSON.stringify(events)).not.toContain(names.username);
  });

  it('of its data names the data, and the email where that changed too', async () => {
    const { id, username, token } = await signedIn(client);
    const { email } = stranger();
    await client.patch(`/user/${username}`, { color: 'red' }, { token });
    await client.put(`/user/${username}`, { color: 'blue', email }, { token });
    await client.patch(`/user/${username}`, { email: null }, { token: boss.access_token });
    expect(await eventsOf(id, 'account.updated')).toEqual([
      { actor_id: boss.id, detail: { fields: ['email'] } },
      { actor_id: id, detail: { fields: ['email', 'data'] } },
      { actor_id: id, detail: { fields: ['data'] } },
    ]);
  });

  it('that changes nothing is no event', async () => {
    const { id, username, email, token } = await signedIn(client);
    for (const change of [{}, { username }, { email, username }])
      expect((await client.put('/api/me', change, { token })).status).toBe(200);
    expect((await client.patch(`/user/${username}`, { gone: null }, { token })).status).toBe(200);
    expect(await eventsOf(id, 'account.updated')).toEqual([]);
  });
});

describe('an entity', () => {
  const byAdmin = () => ({ token: boss.access_token });

  it('that an admin changes for somebody else is on record with the fields that changed', async () => {
    const owner = await loggedIn(client);
    const it_ = await thing(client, owner.access_token);
    const { code } = it_;
    const moved = unique('MOVED');
    await client.patch(`/entities/${it_.id}`, { quantity: 2, attributes: { a: 1 } }, byAdmin());
    const whole = { ...newThing({ code }), type: 'other', visibility: 'private' };
    await client.put(`/entities/${it_.id}`, whole, byAdmin());
    await client.put('/auth/inventory', { code, quantity: 7 }, byAdmin());
    const { cookie, formToken } = await signIn(client, boss);
    const form = { code: moved, type: 'other', quantity: '7', visibility: 'private', attributes: '{}', version: '4' };
    expect((await post(client, `/admin/entities/${it_.id}`, { ...form, form_token: formToken }, cookie)).status).toBe(
      303,
    );
    const detail = (fields: string[]) => ({ actor_id: boss.id, detail: { entity_id: it_.id, code, fields } });
    expect(await eventsOf(owner.id, 'entity.changed')).toEqual([
      detail(['code']),
      detail(['quantity']),
      detail(['type', 'quantity', 'attributes', 'visibility']),
      detail(['quantity', 'attributes']),
    ]);
  });

  it('of somebody else, or without an owner, that an admin deletes is on record', async () => {
    const owner = await loggedIn(client);
    const [first, second, third] = [
      await thing(client, owner.access_token),
      await thing(client, owner.access_token),
      await thing(client, owner.access_token),
    ];
    const { cookie, formToken } = await signIn(client, boss);
    await client.delete(`/entities/${first.id}`, byAdmin());
    await client.delete(`/auth/inventory?code=${second.code}`, byAdmin());
    await post(client, `/admin/entities/${third.id}/delete`, { form_token: formToken }, cookie);
    expect(await eventsOf(owner.id, 'entity.deleted')).toEqual(
      [third, second, first].map(({ id, code }) => ({ actor_id: boss.id, detail: { entity_id: id, code } })),
    );
    const orphan = await thing(client, owner.access_token);
    await client.delete('/api/me', { token: owner.access_token });
    expect((await client.delete(`/entities/${orphan.id}`, byAdmin())).status).toBe(204);
    const recorded = await env.DB.prepare(
      "SELECT actor_id, account_id FROM audit_events WHERE action = 'entity.deleted' AND json_extract(detail, " +
        "'$.entity_id') = ?",
    )
      .bind(orphan.id)
      .all();
    expect(recorded.results).toEqual([{ actor_id: boss.id, account_id: null }]);
  });

  it('of your own leaves no event, and neither does a write that did not happen', async () => {
    const [owner, other] = [await loggedIn(client), await loggedIn(client)];
    const count = () => env.DB.prepare("SELECT count(*) FROM audit_events WHERE action LIKE 'entity.%'").first();
    const before = await count();
    for (const { access_token: token } of [owner, boss]) {
      const own = await thing(client, token);
      await client.patch(`/entities/${own.id}`, { quantity: 9 }, { token });
      await client.delete(`/entities/${own.id}`, { token });
    }
    const [theirs, taken] = [await thing(client, owner.access_token), await thing(client, owner.access_token)];
    const url = `/entities/${theirs.id}`;
    const json = { quantity: 3 };
    expect((await client.patch(url, json, { token: other.access_token })).status).toBe(403);
    expect((await client.patch(url, json, { ...byAdmin(), headers: { 'If-Match': '"7"' } })).status).toBe(412);
    expect((await client.patch(url, { code: taken.code }, byAdmin())).status).toBe(409);
    expect(await count()).toEqual(before);
  });
});
