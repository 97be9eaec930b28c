// Bearer tokens in the header of RFC 6750. The session of a session token is read at each use.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { authenticateBearer } from '../../../src/domain/sign-in/bearer.ts';
import type { TokenUse } from '../../../src/domain/tokens/claims.ts';
import { signToken } from '../../../src/domain/tokens/jwt.ts';
import { newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { acting, administering, MINUTE_MS, NOW } from '../../support/domain/contexts.ts';
import { newIssuer } from '../../support/domain/issuer.ts';
import { NO_MAILS } from '../../support/domain/mailing.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

let ports: AllPorts;
let ann: Account;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sessionId = (await openSession(ports, ann)).id;
});

const tokenFor = (use: TokenUse, fields = {}, issuer = ports.issuer) =>
  signToken(issuer, { accountId: ann.id, sessionId, use, ...fields }, 30, NOW);
const authenticate = (authorization: string | undefined, now = NOW) => authenticateBearer(ports, authorization, now);
const presenting = async (token: string | Promise<string>, now = NOW) => authenticate(`Bearer ${await token}`, now);

describe('an Authorization header', () => {
  it('is required', async () => {
    expect(await authenticate(undefined)).toMatchObject({ refused: 'token_required' });
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'token',
    'Bearer one two',
    'Bearer one, Bearer two',
    'Bearer one,two',
    'Bearerx',
    ' Bearer x',
  ])('is malformed as %j', async (authorization) => {
    expect(await authenticate(authorization)).toMatchObject({ refused: 'malformed_authorization' });
  });

  it('names its scheme in any case, and may have spaces around the token', async () => {
    const token = await tokenFor('access');
    for (const authorization of [`bearer ${token}`, `BEARER   ${token}  `])
      expect(await authenticate(authorization)).toMatchObject({ accountId: ann.id });
  });
});

describe('an access token', () => {
  it('identifies its caller without a read of the store', async () => {
    const findLive = vi.spyOn(ports.sessions, 'findLive');
    const claims = { accountId: ann.id, sessionId, use: 'access', exp: NOW / 1000 + 30 };
    expect(await presenting(tokenFor('access'), NOW + 29_999)).toEqual(claims);
    expect(findLive).not.toHaveBeenCalled();
  });

  it('outlives its session until it expires', async () => {
    await ports.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    const token = tokenFor('access');
    expect(await presenting(token)).toMatchObject({ accountId: ann.id });
    expect(await presenting(token, NOW + 30_000)).toMatchObject({ refused: 'token_expired' });
  });
});

it('a token of another issuer, or a cookie, is invalid', async () => {
  for (const token of ['garbage', tokenFor('access', {}, await newIssuer()), tokenFor('cookie')])
    expect(await presenting(token)).toMatchObject({ refused: 'token_invalid' });
});

describe('a session token', () => {
  it('identifies its caller, with the account as the store has it', async () => {
    const caller = { accountId: ann.id, sessionId, use: 'session', exp: NOW / 1000 + 30 };
    expect(await presenting(tokenFor('session'))).toEqual({
      ...caller,
      account: ann,
      authentication: byPassword(NOW),
    });
    await ports.accounts.rename({ username: 'Renamed' }, NO_MAILS, acting(ann.id));
    expect(await presenting(tokenFor('session'))).toMatchObject({ account: { username: 'Renamed' } });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['was ended', () => ports.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id))],
    [
      'is of an account that was deactivated',
      async () => ports.administration.change(ann.id, { active: false }, administering((await newAdmin(ports)).id)),
    ],
    ['is of an account that was deleted', () => ports.accounts.remove(ann.id, acting(ann.id))],
  ])('is revoked where its session %s', async (_, end) => {
    const token = tokenFor('session');
    expect(await presenting(token)).toHaveProperty('account');
    await end();
    expect(await presenting(token)).toMatchObject({ refused: 'token_revoked' });
  });

  it('is revoked where its session is another account’s, or does not exist', async () => {
    const bob = await newAccount(ports);
    for (const fields of [{ accountId: bob.id }, { sessionId: crypto.randomUUID() }])
      expect(await presenting(tokenFor('session', fields))).toMatchObject({ refused: 'token_revoked' });
  });

  it('is refused as expired, even while its session lives', async () => {
    expect(await presenting(tokenFor('session'), NOW + 30_000)).toMatchObject({ refused: 'token_expired' });
  });

  it('is revoked at the age at which sessions end', async () => {
    await configure(ports, { SESSION_MAX_AGE: '20' });
    expect(await presenting(tokenFor('session'), NOW + 19_999)).toHaveProperty('account');
    expect(await presenting(tokenFor('session'), NOW + 20_000)).toMatchObject({ refused: 'token_revoked' });
  });

  it('records a use where the last is more than five minutes old', async () => {
    const recordUse = vi.spyOn(ports.sessions, 'recordUse');
    const token = signToken(ports.issuer, { accountId: ann.id, sessionId, use: 'session' }, 3600, NOW);
    await presenting(token, NOW + 5 * MINUTE_MS);
    expect(recordUse).not.toHaveBeenCalled();
    await presenting(token, NOW + 5 * MINUTE_MS + 1);
    await presenting(token, NOW + 6 * MINUTE_MS);
    expect(recordUse.mock.calls).toEqual([[sessionId, NOW + 5 * MINUTE_MS + 1]]);
  });
});
