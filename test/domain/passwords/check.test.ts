// A password is checked under a lock, at the same work for every account, and a wrong one is recorded.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { checkPassword } from '../../../src/domain/passwords/check.ts';
import type { Guess } from '../../../src/domain/passwords/lockout.ts';
import { actionsOf, HASH, lastEvent, newAccount, PASSWORD, uncounted } from '../../support/domain/accounts.ts';
import { acting, NOW } from '../../support/domain/contexts.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters;
let ann: Account;
beforeEach(async () => {
  adapters = inMemory();
  ann = await newAccount(adapters);
});

const verify = vi.fn(cheapHashing.verify);
beforeEach(() => {
  verify.mockClear();
});
const check = (fields: Partial<Guess> = {}, password = PASSWORD) =>
  checkPassword(
    { ...adapters, hashing: { ...cheapHashing, verify } },
    { ...uncounted(ann), ...fields },
    password,
    acting(ann.id),
  );
const refusals = async () =>
  (await actionsOf(adapters, ann.id)).filter((action) => action === 'login.refused' || action === 'account.locked');

it('a right password is evidence, which names the hash that it matched', async () => {
  const guess = uncounted(ann);
  expect(await check()).toEqual({ account: ann, evidence: { kind: 'password', passwordHash: HASH, guess } });
  expect(await refusals()).toEqual([]);
});

describe('a wrong password', () => {
  it('is refused and recorded', async () => {
    expect(await check({}, 'wrong')).toMatchObject({ refused: 'wrong_password' });
    expect(await refusals()).toEqual(['login.refused']);
  });

  it('is recorded with the lock that it makes', async () => {
    await check({ locks: true }, 'wrong');
    expect(await refusals()).toEqual(['login.refused', 'account.locked']);
  });

  it('that would have locked records nothing when it is right after all', async () => {
    expect(await check({ locks: true })).toHaveProperty('evidence');
    expect(await refusals()).toEqual([]);
  });
});

it.each<[string, Partial<Guess>, number | null]>([
  ['an account without a password', { passwordHash: undefined }, 1],
  ['a name that nobody has', { account: undefined, passwordHash: undefined }, null],
])('%s is refused after the same work', async (_, fields, accountId) => {
  expect(await check(fields)).toMatchObject({ refused: 'wrong_password' });
  expect(verify.mock.calls).toEqual([[undefined, PASSWORD]]);
  expect(await lastEvent(adapters, {})).toMatchObject({ action: 'login.refused', accountId: accountId && ann.id });
});

it('a locked guess is refused with the time to wait, and is neither compared nor recorded', async () => {
  const locked = { refused: 'too_many_attempts', retryAfterSeconds: 2 };
  for (const password of [PASSWORD, 'wrong'])
    expect(await check({ lockedUntil: NOW + 1001 }, password)).toEqual(expect.objectContaining(locked));
  expect(verify).not.toHaveBeenCalled();
  expect(await refusals()).toEqual([]);
});
