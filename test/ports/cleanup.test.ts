// The contracts of Cleanup and Purging: only ended rows are removed; a deleted account leaves nothing.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { callsOnly } from '../../src/domain/maintenance/budget.ts';
import { cleanUp, ROWS_PER_STATEMENT } from '../../src/domain/maintenance/cleanup.ts';
import { purgeAccounts } from '../../src/domain/maintenance/purging.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, NO_NEEDS, newAccount, newSession, openSession } from '../support/domain/accounts.ts';
import { acting, DAY_MS, HOUR_MS, MINUTE_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { newThing, QUOTA, thingFields } from '../support/domain/entities.ts';
import { mailWithLink } from '../support/domain/mailing.ts';
import { newChallenge, newPasskey, provenBy } from '../support/domain/passkeys.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('clean-up %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  const sessionIds = async () => (await adapters.ownData.sessions(ann.id, undefined)).items.map(({ id }) => id);

  it('removes audit events', async () => {
    expect(await adapters.cleanup.remove('auditEvents', NOW)).toEqual({ removed: 0, more: false });
    expect(await adapters.cleanup.remove('auditEvents', NOW + 1)).toEqual({ removed: 1, more: false });
    expect(await actionsOf(adapters, ann.id)).toEqual([]);
  });

  it('removes sessions that expired or were revoked', async () => {
    const [expired, revoked, live] = [
      await openSession(adapters, ann, { expiresAt: NOW + HOUR_MS }),
      await openSession(adapters, ann),
      await openSession(adapters, ann),
    ];
    await adapters.sessions.end({ accountId: ann.id, sessionId: revoked.id }, acting(ann.id));
    expect(await adapters.cleanup.remove('endedSessions', NOW)).toEqual({ removed: 0, more: false });
    expect(await adapters.cleanup.remove('endedSessions', NOW + 1)).toMatchObject({ removed: 1 });
    expect((await sessionIds()).toSorted()).toEqual([expired.id, live.id].toSorted());
    expect(await adapters.cleanup.remove('endedSessions', NOW + HOUR_MS + 1)).toMatchObject({ removed: 1 });
    expect(await sessionIds()).toEqual([live.id]);
  });

  it('removes a bounded number of rows at a time', async () => {
    await adapters.addSessions(ann.id, ROWS_PER_STATEMENT + 1, NOW);
    expect(await adapters.cleanup.remove('endedSessions', NOW + 1)).toEqual({
      removed: ROWS_PER_STATEMENT,
      more: true,
    });
    expect(await adapters.cleanup.remove('endedSessions', NOW + 1)).toMatchObject({ removed: 1 });
  });

  it('removes guesses at passwords, and with them a lock', async () => {
    const guess = () => adapters.guesses.guessForLogin({ email: ann.email ?? '' }, 'unknown', nobody());
    for (let made = 0; made < 12; made += 1) await guess();
    expect((await guess()).lockedUntil).toBeDefined();
    expect(await adapters.cleanup.remove('passwordGuesses', NOW)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('passwordGuesses', NOW + 1)).toMatchObject({ removed: 1 });
    expect((await guess()).lockedUntil).toBeUndefined();
  });

  it('removes networks that signed in long ago', async () => {
    await openSession(adapters, ann);
    expect(await adapters.cleanup.remove('knownNetworks', NOW)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('knownNetworks', NOW + 1)).toMatchObject({ removed: 1 });
    expect(await adapters.cleanup.remove('knownNetworks', NOW + 1)).toMatchObject({ removed: 0 });
  });

  it('removes idempotency keys', async () => {
    const once = (requestHash: string) =>
      adapters.entities.addOnce(thingFields(), { keyHash: 'a key', requestHash }, QUOTA, acting(ann.id));
    await once('one');
    expect(await adapters.cleanup.remove('idempotencyKeys', NOW)).toMatchObject({ removed: 0 });
    expect(await once('other')).toMatchObject({ refused: 'idempotency_key_reused' });
    expect(await adapters.cleanup.remove('idempotencyKeys', NOW + 1)).toMatchObject({ removed: 1 });
    expect(await once('other')).toMatchObject({ ownerId: ann.id });
  });

  it('removes one-time tokens that expired, and mails that were given up', async () => {
    const mail = mailWithLink('password_reset', {}, NOW);
    await adapters.recovery.request(ann.email ?? '', mail, nobody());
    const expiresAt = mail.token?.expiresAt ?? 0;
    expect(await adapters.cleanup.remove('oneTimeTokens', expiresAt)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('mailsGivenUp', expiresAt)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('oneTimeTokens', expiresAt + 1)).toMatchObject({ removed: 1 });
    const [claimed] = await adapters.outbox.claim('any', 1, NOW);
    if (claimed) await adapters.outbox.giveUp(claimed, 'refused', NOW);
    expect(await adapters.cleanup.remove('mailsGivenUp', NOW)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('mailsGivenUp', NOW + 1)).toMatchObject({ removed: 1 });
    expect(await adapters.queuedMails(ann.id)).toEqual([]);
  });

  it('removes challenges that expired, and apps that nobody confirmed', async () => {
    const { id: sessionId } = await openSession(adapters, ann);
    const challenge = newChallenge();
    const { id } = await newPasskey(adapters, ann, sessionId);
    await adapters.signIns.openSession(provenBy(ann, id, { challenge }), NO_NEEDS, newSession(), acting(ann.id));
    const { expiresAt } = challenge;
    expect(await adapters.cleanup.remove('usedChallenges', expiresAt)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('usedChallenges', expiresAt + 1)).toMatchObject({ removed: 2 });
    await adapters.factors.beginTotp('a box', acting(ann.id, { sessionId }));
    expect(await adapters.cleanup.remove('pendingTotp', NOW)).toMatchObject({ removed: 0 });
    expect(await adapters.cleanup.remove('pendingTotp', NOW + 1)).toMatchObject({ removed: 1 });
    expect(await adapters.factors.pendingTotp(ann.id, NOW)).toBeUndefined();
  });

  it('leaves rows in use', async () => {
    await openSession(adapters, ann);
    await newThing(adapters, ann.id);
    expect(await cleanUp(adapters.cleanup, NOW + 5 * MINUTE_MS, callsOnly(100))).toMatchObject({ removed: 0 });
    expect(await cleanUp(adapters.cleanup, NOW + 365 * DAY_MS, callsOnly(100))).toMatchObject({ behind: false });
    expect(await adapters.accounts.findActive(ann.id)).toEqual(ann);
  });

  it('purges deleted accounts until nothing is left of them', async () => {
    await adapters.addSessions(ann.id, 300, NOW + DAY_MS);
    const hidden = await newThing(adapters, ann.id, { visibility: 'private' });
    expect(await adapters.accounts.remove(ann.id, acting(ann.id))).toBe('removed');
    await adapters.settled();
    const report = await purgeAccounts(adapters.purging, NOW, callsOnly(500));
    expect(report).toMatchObject({ behind: false });
    expect(await adapters.purging.due(9)).toEqual([]);
    expect(await sessionIds()).toEqual([]);
    expect(await newThing(adapters, (await newAccount(adapters)).id, { code: hidden.code })).toMatchObject({
      version: 1,
    });
  });
});
