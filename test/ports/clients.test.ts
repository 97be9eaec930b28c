// The contract of Clients: admins register, change and delete them, and the grants of a deleted one end.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, NOW } from '../support/domain/contexts.ts';
import { addClient, clientFields, issueCode, redeemCode } from '../support/domain/oauth.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('clients %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
  });

  const asBoss = () => administering(boss.id);

  it('are found as they were added, with an event', async () => {
    const client = clientFields({ kind: 'confidential', postLogoutRedirectUris: ['https://app.example.com/bye'] });
    expect(await adapters.clients.add(client, 'a hash', asBoss())).toBe('added');
    expect(await adapters.clients.find(client.id)).toEqual({ client, secretHash: 'a hash' });
    const detail = { client_id: client.id, name: client.name };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'client.created', accountId: null, detail });
    expect(await adapters.clients.find('none')).toBeUndefined();
  });

  it('are listed page by page, the newest first', async () => {
    const made = [await addClient(adapters), await addClient(adapters), await addClient(adapters)].toReversed();
    const first = await adapters.clients.list(undefined, 2);
    expect(first.items).toEqual(made.slice(0, 2));
    expect(await adapters.clients.list(first.next, 2)).toEqual({ items: made.slice(2), next: undefined });
  });

  it('have the origins of their redirects where they are public', async () => {
    const client = await addClient(adapters);
    await addClient(adapters, { kind: 'confidential', redirectUris: ['https://shop.example.com/cb'] }, 'a hash');
    const has = (origin: string) => adapters.clients.hasOrigin(origin);
    expect(await has('https://app.example.com')).toBe(true);
    expect([await has('https://shop.example.com'), await has('https://example.com')]).toEqual([false, false]);
    const changed = { ...client, redirectUris: ['https://other.example.com/cb'], updatedAt: NOW + 1 };
    await adapters.clients.replace(client, changed, asBoss());
    expect([await has('https://app.example.com'), await has('https://other.example.com')]).toEqual([false, true]);
    await adapters.clients.remove(client.id, asBoss());
    expect(await has('https://other.example.com')).toBe(false);
  });

  it('are replaced where they are unchanged since they were read', async () => {
    const client = await addClient(adapters, {}, 'a hash');
    const changed = { ...client, name: 'Another', scopes: ['openid'] as const, updatedAt: NOW + 1 };
    expect(await adapters.clients.replace(client, changed, asBoss())).toBe('replaced');
    expect(await adapters.clients.find(client.id)).toEqual({ client: changed, secretHash: 'a hash' });
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'client.updated', actorId: boss.id });
    expect(await adapters.clients.replace(client, { ...client, name: 'Late' }, asBoss())).toBe('overtaken');
    expect((await adapters.clients.find(client.id))?.client.name).toBe('Another');
    const unknown = clientFields();
    expect(await adapters.clients.replace(unknown, unknown, asBoss())).toBe('overtaken');
  });

  it('get another secret', async () => {
    const { id } = await addClient(adapters, { kind: 'confidential' }, 'a hash');
    expect(await adapters.clients.replaceSecret(id, 'another hash', asBoss())).toBe('replaced');
    expect(await adapters.clients.find(id)).toMatchObject({ secretHash: 'another hash' });
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'client.secret_replaced' });
    expect(await adapters.clients.replaceSecret('none', 'a hash', asBoss())).toBe('not_found');
  });

  it('end with their sessions, codes and grants', async () => {
    const [client, ann] = [await addClient(adapters), await newAccount(adapters)];
    const { id: sessionId } = await openSession(adapters, ann);
    const { session } = await redeemCode(adapters, await issueCode(adapters, ann, sessionId, client));
    expect(await adapters.clients.remove(client.id, asBoss())).toBe('removed');
    expect(await adapters.clients.find(client.id)).toBeUndefined();
    expect((await adapters.clients.list(undefined, 9)).items).toEqual([]);
    expect(await adapters.sessions.findLive(session.sessionId, NOW)).toBeUndefined();
    expect(await adapters.sessions.findLive(sessionId, NOW)).toBeDefined();
    expect(await adapters.grants.list(ann.id)).toEqual([]);
    const detail = { reason: 'client_deleted' };
    expect(await lastEvent(adapters, { accountId: ann.id })).toMatchObject({ action: 'session.revoked', detail });
    expect(await adapters.clients.remove(client.id, asBoss())).toBe('not_found');
  });

  it('are written by no authority that has ended, and by admins alone', async () => {
    const client = await addClient(adapters);
    const ann = await newAccount(adapters);
    for (const [audit, refused] of [
      [administering(ann.id), 'forbidden'],
      [administering(boss.id, { atMost: 'user' }), 'forbidden'],
      [acting(boss.id, { sessionId: 'none' }), 'token_revoked'],
    ] as const) {
      const { id } = client;
      const another = clientFields();
      expect(await adapters.clients.add(another, null, audit)).toMatchObject({ refused });
      expect(await adapters.clients.replace(client, { ...client, name: 'Taken' }, audit)).toMatchObject({ refused });
      expect(await adapters.clients.replaceSecret(id, 'a hash', audit)).toMatchObject({ refused });
      expect(await adapters.clients.remove(id, audit)).toMatchObject({ refused });
      expect(await adapters.clients.find(another.id)).toBeUndefined();
    }
    expect(await adapters.clients.find(client.id)).toEqual({ client, secretHash: null });
  });
});
