// The contract of Codes: a code works once, for the request it was issued for, and a second use ends the session of the
// first.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { Client } from '../../src/domain/oauth/client.ts';
import type { NewCode, PresentedCode } from '../../src/domain/oauth/code.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, newSession, openSession } from '../support/domain/accounts.ts';
import { acting, administering, MINUTE_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { addClient, codeFields, issueCode, ONLINE_UNTIL, presented, redeemCode } from '../support/domain/oauth.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('codes %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let client: Client;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, client] = [await newAccount(adapters), await addClient(adapters)];
    sessionId = (await openSession(adapters, ann)).id;
  });

  const issued = (fields: Partial<NewCode> = {}) => issueCode(adapters, ann, sessionId, client, fields);
  const redeem = (code: PresentedCode, now = NOW + 5) =>
    adapters.codes.redeem(code, newSession({ kind: 'refresh', tokenHash: 'a hash' }), ONLINE_UNTIL, nobody(now));
  const invalid = { refused: 'invalid_grant' };

  it('give a grant where they are issued, with an event only where it widens', async () => {
    await issued({ scopes: ['openid'] });
    expect(await adapters.grants.scopesOf(ann.id, client.id)).toEqual(['openid']);
    const detail = { client_id: client.id, scope: 'openid' };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'grant.given', accountId: ann.id, detail });
    await issued({ scopes: ['openid'] });
    await issued({ scopes: ['profile', 'openid'] });
    expect((await adapters.grants.scopesOf(ann.id, client.id)).toSorted()).toEqual(['openid', 'profile']);
    const { items } = await adapters.auditTrail.page({ action: 'grant.given' }, undefined, 9);
    expect(items).toHaveLength(2);
  });

  it('are issued by no session that has ended, and to no client that is not there', async () => {
    const ended = acting(ann.id, { sessionId: 'none' });
    expect(await adapters.codes.issue(codeFields(client), ended)).toMatchObject({ refused: 'token_revoked' });
    const audit = acting(ann.id, { sessionId });
    expect(await adapters.codes.issue(codeFields({ id: 'none' }), audit)).toMatchObject({ refused: 'token_revoked' });
    expect(await adapters.grants.scopesOf(ann.id, client.id)).toEqual([]);
  });

  it('open a session with the proof of the one that issued them, and an event', async () => {
    const opened = await redeem(presented(await issued()));
    if (isRefusal(opened)) throw new Error(opened.refused);
    const { session, nonce } = opened;
    const authentication = byPassword(NOW);
    const scopes = ['openid', 'offline_access'];
    const holder = { accountId: ann.id, authentication, client: { id: client.id, scopes } };
    expect([session, nonce]).toEqual([{ sessionId: session.sessionId, ...holder }, 'a nonce']);
    expect(await adapters.sessions.findLive(session.sessionId, NOW)).toMatchObject({ authentication, account: ann });
    const detail = { session_id: session.sessionId, kind: 'refresh', client_id: client.id };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'login.succeeded', actorId: ann.id, detail });
  });

  it('open a short session without a refresh token unless offline access was granted', async () => {
    const opened = await redeem(presented(await issued({ scopes: ['openid'] })));
    if (isRefusal(opened)) throw new Error(opened.refused);
    const { sessionId: id } = opened.session;
    const listed = (await adapters.sessions.list(ann.id, NOW)).find((each) => each.id === id);
    expect(listed).toMatchObject({ kind: 'session', expiresAt: ONLINE_UNTIL });
    expect(await adapters.sessions.findByToken(client.id, 'a hash', NOW)).toBeUndefined();
  });

  it('may be presented without their redirect', async () => {
    const code = presented(await issued());
    expect(await redeem({ ...code, redirectUri: undefined })).toHaveProperty('session');
  });

  it.each<[string, Partial<PresentedCode>]>([
    ['another client', { clientId: 'another' }],
    ['another redirect', { redirectUri: 'https://app.example.com/other' }],
    ['another verifier', { challenge: 'another' }],
  ])('open nothing for %s, and are used up', async (__, wrong) => {
    const code = presented(await issued());
    expect(await redeem({ ...code, ...wrong })).toMatchObject(invalid);
    expect(await redeem(code)).toMatchObject(invalid);
    expect(await adapters.sessions.list(ann.id, NOW)).toHaveLength(1);
  });

  it('open nothing once expired, for an account that was deactivated, or without their grant', async () => {
    const [late, ungranted] = [await issued(), await issued()];
    expect(await redeem(presented(late), NOW + MINUTE_MS)).toMatchObject(invalid);
    await adapters.grants.withdraw(client.id, acting(ann.id, { sessionId }));
    expect(await redeem(presented(ungranted))).toMatchObject(invalid);
    const code = await issued();
    const boss = await newAdmin(adapters);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await redeem(presented(code))).toMatchObject(invalid);
    expect(await redeem({ ...presented(code), hash: 'none' })).toMatchObject(invalid);
  });

  it('end their session where they come back, with events', async () => {
    const code = await issued();
    const { session } = await redeemCode(adapters, code);
    expect(await redeem(presented(code))).toMatchObject(invalid);
    expect(await adapters.sessions.findLive(session.sessionId, NOW)).toBeUndefined();
    expect(await adapters.sessions.findLive(sessionId, NOW)).toBeDefined();
    expect((await actionsOf(adapters, ann.id)).slice(-2)).toEqual(['code.reused', 'session.revoked']);
  });

  it('end nothing where a stranger brings them back', async () => {
    const code = await issued();
    const { session } = await redeemCode(adapters, code);
    expect(await redeem({ ...presented(code), challenge: 'another' })).toMatchObject(invalid);
    expect(await adapters.sessions.findLive(session.sessionId, NOW)).toBeDefined();
  });

  it('open one session, of many uses at once', async () => {
    const code = presented(await issued());
    const answers = await Promise.all(
      Array.from({ length: 5 }, (__, nth) =>
        adapters.codes.redeem(
          code,
          newSession({ kind: 'refresh', tokenHash: `hash ${nth}` }),
          ONLINE_UNTIL,
          nobody(NOW + 5),
        ),
      ),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });
});
