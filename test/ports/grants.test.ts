// The contract of Grants, and of Sessions as to clients: a client's sessions and codes end with its grant.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { Client } from '../../src/domain/oauth/client.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newSession, openSession } from '../support/domain/accounts.ts';
import { acting, DAY_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { addClient, issueCode, ONLINE_UNTIL, presented, redeemCode } from '../support/domain/oauth.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('grants %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let client: Client;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, client] = [await newAccount(adapters), await addClient(adapters)];
    sessionId = (await openSession(adapters, ann)).id;
  });

  const asAnn = (now = NOW) => acting(ann.id, { sessionId, now });
  const issue = (to = client, now = NOW) => issueCode(adapters, ann, sessionId, to, {}, now);
  const isLive = async (id: string) => (await adapters.sessions.findLive(id, NOW)) !== undefined;

  it('are listed with the client’s name, those used last first', async () => {
    const other = await addClient(adapters, { name: 'Shop' });
    await issue();
    await issue(other, NOW + 1);
    await issue(client, NOW + 2);
    const times = { createdAt: NOW, lastUsedAt: NOW + 2 };
    const [first, second] = await adapters.grants.list(ann.id);
    expect(first).toMatchObject({ clientId: client.id, clientName: 'Photo Album', ...times });
    expect(first?.scopes.toSorted()).toEqual(['offline_access', 'openid']);
    expect(second).toMatchObject({ clientId: other.id, clientName: 'Shop', createdAt: NOW + 1 });
    expect(await adapters.grants.list((await newAccount(adapters)).id)).toEqual([]);
  });

  it('are withdrawn with the client’s sessions and codes, with events', async () => {
    const { session } = await redeemCode(adapters, await issue());
    const code = await issue();
    expect(await adapters.grants.withdraw(client.id, asAnn())).toBe('withdrawn');
    expect(await adapters.grants.scopesOf(ann.id, client.id)).toEqual([]);
    expect([await isLive(session.sessionId), await isLive(sessionId)]).toEqual([false, true]);
    expect((await actionsOf(adapters, ann.id)).slice(-2)).toEqual(['grant.withdrawn', 'session.revoked']);
    await issue();
    const redeemed = adapters.codes.redeem(presented(code), newSession(), ONLINE_UNTIL, nobody());
    expect(await redeemed).toMatchObject({ refused: 'invalid_grant' });
    expect(await adapters.grants.withdraw('none', asAnn())).toMatchObject({ refused: 'grant_not_found' });
  });

  it('are withdrawn by no authority that has ended', async () => {
    await issue();
    const ended = acting(ann.id, { sessionId: 'none' });
    expect(await adapters.grants.withdraw(client.id, ended)).toMatchObject({ refused: 'token_revoked' });
    expect(await adapters.grants.list(ann.id)).toHaveLength(1);
  });

  it('stay where the client ends its sessions', async () => {
    const { session } = await redeemCode(adapters, await issue());
    await adapters.grants.endSessions(ann.id, client.id, nobody());
    expect([await isLive(session.sessionId), await isLive(sessionId)]).toEqual([false, true]);
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'session.ended', accountId: ann.id });
    expect(await adapters.grants.list(ann.id)).toHaveLength(1);
  });

  it('go with their account', async () => {
    await issue();
    await adapters.accounts.remove(ann.id, acting(ann.id));
    await adapters.settled();
    expect(await adapters.grants.scopesOf(ann.id, client.id)).toEqual([]);
  });

  describe('give sessions', () => {
    it('whose token is found and exchanged for their client alone', async () => {
      const { session, tokenHash } = await redeemCode(adapters, await issue());
      const { sessions } = adapters;
      const { accountId } = session;
      const scopes = ['openid', 'offline_access'];
      const expiresAt = NOW + DAY_MS;
      expect(await sessions.findByToken(client.id, tokenHash, NOW)).toEqual({
        ...{ sessionId: session.sessionId, accountId, scopes, createdAt: NOW, expiresAt },
      });
      const ends = { expiresAt, maxAgeMs: DAY_MS };
      for (const other of [null, 'another']) {
        expect(await sessions.rotate(other, tokenHash, 'next', ends, NOW)).toBeUndefined();
        expect(await sessions.endByToken(other, tokenHash, nobody())).toBe(false);
        const refused = { tokenHash: 'older', by: 'refresh' } as const;
        expect(await sessions.revokeByReuse(other, [tokenHash], refused, nobody())).toBe(false);
        expect(await sessions.revokeUnlessCurrent(other, session.sessionId, 'older', nobody())).toBe(false);
      }
      expect(await sessions.findByToken('another', tokenHash, NOW)).toBeUndefined();
      expect(await sessions.rotate(client.id, tokenHash, 'next', ends, NOW)).toEqual(session);
      const rotated = await sessions.findRotatedSince(client.id, tokenHash, ['next'], NOW - 1, DAY_MS, NOW);
      expect(rotated).toEqual({ ...session, tokenHash: 'next' });
      expect(await sessions.findRotatedSince(null, tokenHash, ['next'], NOW - 1, DAY_MS, NOW)).toBeUndefined();
      expect(await sessions.endByToken(client.id, 'next', nobody())).toBe(true);
    });

    it('that are found with their client', async () => {
      const { session } = await redeemCode(adapters, await issue());
      expect(await adapters.sessions.findLive(session.sessionId, NOW)).toMatchObject({ client: session.client });
    });
  });
});
