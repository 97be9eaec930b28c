// A token identifies its caller; the store decides what the caller may do.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { accountOf, adminOf, authorityOf, type Caller } from '../../../src/domain/sign-in/caller.ts';
import { newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { enrol } from '../../support/domain/factors.ts';
import { configure } from '../../support/domain/ports.ts';
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
  authentication: byPassword(NOW),
});

it('a session token acts while its session lives, an access token without it', () => {
  expect(authorityOf(sessionOf(ann))).toEqual({ accountId: ann.id, sessionId: 'a session', role: null });
  const proven = { since: NOW };
  const authority = { accountId: ann.id, sessionId: 'a session', role: null, proven };
  expect(authorityOf({ ...accessOf(ann), proven })).toEqual(authority);
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
      expect(await adminOf(adapters, caller, NOW)).toMatchObject({ ...caller, account: { id: boss.id } });
  });

  it('is no user, and no deactivated admin', async () => {
    for (const caller of [accessOf(ann), sessionOf(ann)])
      expect(await adminOf(adapters, caller, NOW)).toMatchObject({ refused: 'forbidden' });
    const other = await newAdmin(adapters);
    await adapters.administration.change(other.id, { active: false }, administering(boss.id));
    expect(await adminOf(adapters, accessOf(other), NOW)).toMatchObject({ refused: 'token_revoked' });
  });

  it('needs a session that proved two factors, where the setting requires it', async () => {
    await configure(adapters, { ADMIN_SECOND_FACTOR_REQUIRED: 'true' });
    const { id: sessionId } = await openSession(adapters, boss);
    const access = { ...accessOf(boss), sessionId };
    const refused = async (caller: Caller) => {
      const answer = await adminOf(adapters, caller, NOW);
      return isRefusal(answer) ? answer.refused : answer.proven;
    };
    expect(await refused(accessOf(boss))).toBe('token_revoked');
    expect(await refused({ ...access, accountId: ann.id })).toBe('token_revoked');
    expect(await refused(access)).toBe('second_factor_enrollment_required');
    expect(await refused(sessionOf(boss))).toBe('second_factor_enrollment_required');
    expect(await refused(sessionOf(ann))).toBe('forbidden');
    await enrol(adapters, boss, sessionId);
    expect(await refused(sessionOf(boss))).toBe('reauthentication_required');
    expect(await refused({ ...access, proven: { since: NOW } })).toEqual({ since: NOW, factors: 2 });
  });
});
