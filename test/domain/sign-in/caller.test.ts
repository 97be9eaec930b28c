// A caller is believed as far as its token goes: what it may do is asked of the store.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { accountOf, adminOf, authorityOf, type Caller } from '../../../src/domain/sign-in/caller.ts';
import { newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters;
let boss: Account;
let ann: Account;
beforeEach(async () => {
  adapters = inMemory();
  [boss, ann] = [await newAdmin(adapters), await newAccount(adapters)];
});

const accessOf = ({ id }: Account): Caller => ({ accountId: id, sessionId: 'a session', use: 'access' });
const sessionOf = (account: Account): Caller => ({
  accountId: account.id,
  sessionId: 'a session',
  use: 'session',
  account,
});

it('a session token acts while its session lives, an access token without it', () => {
  expect(authorityOf(sessionOf(ann))).toEqual({ accountId: ann.id, sessionId: 'a session', role: null });
  expect(authorityOf(accessOf(ann))).toEqual({ accountId: ann.id, sessionId: null, role: null });
});

describe('the account of a caller', () => {
  it('is loaded for an access token alone', async () => {
    const findActive = vi.spyOn(adapters.accounts, 'findActive');
    expect(await accountOf(adapters, sessionOf(ann))).toBe(ann);
    expect(findActive).not.toHaveBeenCalled();
    expect(await accountOf(adapters, accessOf(ann))).toEqual(ann);
  });

  it('is refused where it is not active any more', async () => {
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await accountOf(adapters, accessOf(ann))).toMatchObject({ refused: 'token_revoked' });
  });
});

describe('the admin who calls', () => {
  it('is an active admin, as the primary knows', async () => {
    for (const caller of [accessOf(boss), sessionOf(boss)])
      expect(await adminOf(adapters, caller, NOW)).toMatchObject({ id: boss.id });
  });

  it('is nobody else', async () => {
    for (const caller of [accessOf(ann), sessionOf(ann)])
      expect(await adminOf(adapters, caller, NOW)).toMatchObject({ refused: 'forbidden' });
    const other = await newAdmin(adapters);
    await adapters.administration.change(other.id, { active: false }, administering(boss.id));
    expect(await adminOf(adapters, accessOf(other), NOW)).toMatchObject({ refused: 'token_revoked' });
  });
});
