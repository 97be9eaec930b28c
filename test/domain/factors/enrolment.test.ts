// An authenticator app is confirmed by a first code of its secret, which is shown once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { beginTotp, confirmTotp, remakeRecoveryCodes } from '../../../src/domain/factors/enrolment.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { codeAt, wrongCode } from '../../support/codes.ts';
import { newAccount, openSession } from '../../support/domain/accounts.ts';
import { acting, MINUTE_MS, NOW } from '../../support/domain/contexts.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

let ports: AllPorts;
let ann: Account;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sessionId = (await openSession(ports, ann)).id;
});

const audit = (now = NOW) => acting(ann.id, { sessionId, now });
async function begun(): Promise<string> {
  const setup = await beginTotp(ports, ann, audit());
  if (isRefusal(setup)) throw new Error(setup.refused);
  return setup.secret;
}
const confirm = (otp: string | undefined, now = NOW) => confirmTotp(ports, otp, audit(now));

describe('an authenticator app', () => {
  it('is set up with a secret, its address and a QR code of that', async () => {
    await configure(ports, { SERVICE_NAME: 'My Service' });
    const setup = await beginTotp(ports, ann, audit());
    if (isRefusal(setup)) throw new Error(setup.refused);
    expect(setup.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(setup.uri).toContain(`secret=${setup.secret}&issuer=My%20Service`);
    expect(setup.qr).toContain('<svg');
    expect(await ports.factors.pendingTotp(ann.id, NOW)).not.toContain(setup.secret);
  });

  it('is confirmed by a code, with ten recovery codes and a notice, and its session proved two factors', async () => {
    const secret = await begun();
    const codes = await confirm(codeAt(secret, NOW));
    expect(codes).toHaveLength(10);
    expect(await ports.factors.overview(ann.id)).toEqual({
      totp: { createdAt: NOW },
      recoveryCodesLeft: 10,
      passkeys: [],
    });
    expect(await ports.sessions.findLive(sessionId, NOW)).toMatchObject({
      authentication: { methods: ['pwd', 'otp', 'mfa'] },
    });
    expect(await ports.queuedMails(ann.id)).toEqual([['factor_added', ann.email]]);
    expect(ports.mailing.delivered).toEqual(['factor_added']);
  });

  it('is not confirmed by anything else, and stays pending', async () => {
    const secret = await begun();
    for (const otp of [undefined, '', wrongCode(secret, NOW), 'abcdef'])
      expect(await confirm(otp)).toMatchObject({ refused: 'invalid_confirmation_code' });
    expect(await confirm(codeAt(secret, NOW))).toHaveLength(10);
  });

  it('is pending for ten minutes, with the secret that was made last', async () => {
    expect(await confirm('000000')).toMatchObject({ refused: 'factor_not_pending' });
    const earlier = await begun();
    const end = NOW + 10 * MINUTE_MS;
    expect(await confirm(codeAt(earlier, end), end)).toMatchObject({ refused: 'factor_not_pending' });
    const secret = await begun();
    expect(await confirm(codeAt(earlier, NOW))).toMatchObject({ refused: 'invalid_confirmation_code' });
    expect(await confirm(codeAt(secret, NOW))).toHaveLength(10);
  });

  it('is the only one of its account', async () => {
    await confirm(codeAt(await begun(), NOW));
    expect(await beginTotp(ports, ann, audit())).toMatchObject({ refused: 'factor_enrolled' });
  });

  it('is neither begun nor confirmed by a session that has ended', async () => {
    const secret = await begun();
    await ports.sessions.end({ accountId: ann.id, sessionId }, audit());
    expect(await beginTotp(ports, ann, audit())).toMatchObject({ refused: 'token_revoked' });
    expect(await confirm(codeAt(secret, NOW))).toMatchObject({ refused: 'token_revoked' });
    expect(ports.mailing.delivered).toEqual([]);
  });
});

it('recovery codes are only made anew for an account with an app', async () => {
  expect(await remakeRecoveryCodes(ports, audit())).toMatchObject({ refused: 'factor_not_found' });
  const first = await confirm(codeAt(await begun(), NOW));
  const second = await remakeRecoveryCodes(ports, audit());
  expect(second).toHaveLength(10);
  expect(second).not.toEqual(first);
  expect(ports.mailing.delivered).toEqual(['factor_added', 'recovery_codes_made']);
});
