// Every port limits an authority to a user's rights: an admin with a client's token is no admin.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, administering } from '../support/domain/contexts.ts';
import { limitedReaderOf, newThing, readerOf, thingFields } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const GAME = { stamps: 1, firstOffset: 0, lastOffset: 0, changes: [{ offset: 0, score: { home: 0, away: 0 } }] };

describe.each(ADAPTERS)('an admin with the rights of a user %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, boss] = [await newAccount(adapters), await newAdmin(adapters)];
  });

  const limited = () => acting(boss.id, { atMost: 'user' });

  it('has an authority over their own account alone', async () => {
    const { authority, now } = administering(boss.id, { atMost: 'user' });
    expect(await adapters.accounts.findAuthorized(authority, now)).toBeUndefined();
    expect(await adapters.accounts.findAuthorized(limited().authority, now)).toMatchObject({ id: boss.id });
    const deactivation = adapters.administration.change(
      ann.id,
      { active: false },
      administering(boss.id, { atMost: 'user' }),
    );
    expect(await deactivation).toMatchObject({ refused: 'forbidden' });
  });

  it('sees private entities where they are the admin’s alone', async () => {
    const [theirs, mine] = [
      await newThing(adapters, ann.id, { visibility: 'private' }),
      await newThing(adapters, boss.id, { visibility: 'private' }),
    ];
    expect(await adapters.entities.findNow({ id: theirs.id }, readerOf(boss.id))).toEqual(theirs);
    for (const find of [adapters.entities.find, adapters.entities.findNow]) {
      expect(await find({ id: theirs.id }, limitedReaderOf(boss.id))).toBeUndefined();
      expect(await find({ code: mine.code }, limitedReaderOf(boss.id))).toEqual(mine);
    }
    const query = { limit: 9, sort: { key: 'id', descending: false } } as const;
    expect((await adapters.entities.list(query, limitedReaderOf(boss.id))).items).toEqual([mine]);
  });

  it('neither changes nor removes what others own', async () => {
    const [open, hidden] = [
      await newThing(adapters, ann.id),
      await newThing(adapters, ann.id, { visibility: 'private' }),
    ];
    for (const [{ id }, refused] of [[open, 'forbidden'] as const, [hidden, 'entity_not_found'] as const]) {
      expect(await adapters.entities.change({ id }, { quantity: 7 }, 'any', limited())).toMatchObject({ refused });
      expect(await adapters.entities.remove({ id }, 'any', limited())).toMatchObject({ refused });
    }
    const game = await adapters.games.add(GAME, 9, acting(ann.id));
    const id = 'id' in game ? game.id : 0;
    expect(await adapters.games.remove(id, limited())).toMatchObject({ refused: 'forbidden' });
    expect(await adapters.games.remove(id, acting(boss.id))).toBe('removed');
  });

  it('owns no more than a user may', async () => {
    await newThing(adapters, boss.id);
    expect(await adapters.entities.add(thingFields(), 1, limited())).toMatchObject({ refused: 'quota_exceeded' });
    expect(await adapters.entities.add(thingFields(), 1, acting(boss.id))).toMatchObject({ ownerId: boss.id });
    expect(await adapters.games.add(GAME, 0, limited())).toMatchObject({ refused: 'quota_exceeded' });
    expect(await adapters.games.add(GAME, 0, acting(boss.id))).toMatchObject({ ownerId: boss.id });
  });
});
