// Signing in with an authenticator app: the password comes first, a code works once, and wrong codes are limited.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { beginTotp, confirmTotp } from '../../../src/domain/factors/enrolment.ts';
import {
  CODE_WINDOW_MS,
  CODES_PER_WINDOW,
  WRONG_CODES_END_PASSWORD,
} from '../../../src/domain/factors/second-factor.ts';
import { FAILURES_BEFORE_LOCK } from '../../../src/domain/passwords/lockout.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { logInForSessionToken } from '../../../src/domain/sign-in/login.ts';
import { codeAt, STEP_MS, wrongCode } from '../../support/codes.ts';
import { actionsOf, lastEvent, newAccount, openSession, PASSWORD } from '../../support/domain/accounts.ts';
import { acting, NOW, nobody } from '../../support/domain/contexts.ts';
import { type AllPorts, domainPorts } from '../../support/domain/ports.ts';

/** The code that confirmed the app is used up. */
const LATER = NOW + 2 * STEP_MS;

let ports: AllPorts;
let ann: Account;
let secret: string;
let recoveryCodes: readonly string[];
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  const { id: sessionId } = await openSession(ports, ann);
  const audit = acting(ann.id, { sessionId });
  const setup = await beginTotp(ports, ann, audit);
  if (isRefusal(setup)) throw new Error(setup.refused);
  secret = setup.secret;
  const codes = await confirmTotp(ports, codeAt(secret, NOW), audit);
  if (isRefusal(codes)) throw new Error(codes.refused);
  recoveryCodes = codes;
  ports.mailing.delivered.length = 0;
});

const logIn = (otp: string | undefined, now = LATER, password = PASSWORD) =>
  logInForSessionToken(ports, { identifier: { email: ann.email ?? '' }, password, otp }, nobody(now));
const wrong = (now = LATER) => logIn(wrongCode(secret, now), now);

describe('a login with an authenticator app', () => {
  it('takes the code that the app shows, and proves two factors', async () => {
    expect(await logIn(codeAt(secret, LATER))).toHaveProperty('token');
    const { items } = await ports.auditTrail.page({ action: 'login.succeeded' }, undefined, 1);
    const id = String(items[0]?.detail.session_id);
    const authentication = { methods: ['pwd', 'otp', 'mfa'], at: LATER };
    expect(await ports.sessions.findLive(id, LATER)).toMatchObject({ authentication });
  });

  it('takes a code of one step either side, and in groups', async () => {
    const code = codeAt(secret, LATER + STEP_MS);
    expect(await logIn(`${code.slice(0, 3)} ${code.slice(3)}`)).toHaveProperty('token');
    expect(await logIn(codeAt(secret, LATER + 4 * STEP_MS), LATER + 2 * STEP_MS)).toMatchObject({
      refused: 'invalid_second_factor',
    });
  });

  it('takes a code once, and none of an earlier step', async () => {
    const code = codeAt(secret, LATER);
    expect(await logIn(code)).toHaveProperty('token');
    for (const used of [code, codeAt(secret, LATER - STEP_MS)])
      expect(await logIn(used)).toMatchObject({ refused: 'invalid_second_factor' });
    const refusals = (await actionsOf(ports, ann.id)).filter((action) => action === 'login.refused');
    expect(refusals).toHaveLength(2);
    expect(await logIn(codeAt(secret, LATER + STEP_MS))).toHaveProperty('token');
  });

  it('takes a code for one of many logins at once', async () => {
    const code = codeAt(secret, LATER);
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(code)));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });

  it('takes each recovery code once, and notifies the account', async () => {
    const [code = '', other = ''] = recoveryCodes;
    expect(await logIn(code.toUpperCase().replaceAll('-', ' '))).toHaveProperty('token');
    expect(ports.mailing.delivered).toEqual(['recovery_code_used']);
    expect(await logIn(code)).toMatchObject({ refused: 'invalid_second_factor' });
    expect(await logIn(other)).toHaveProperty('token');
    expect(await ports.factors.overview(ann.id)).toMatchObject({ recoveryCodesLeft: 8 });
  });

  it('needs no code once the app is removed', async () => {
    await ports.factors.removeTotp(undefined, acting(ann.id));
    expect(await logIn(undefined)).toHaveProperty('token');
  });
});

describe('a login with an authenticator app is refused', () => {
  it('without a code, after the right password alone, and names the possible factors', async () => {
    expect(await logIn(undefined, LATER, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await logIn(codeAt(secret, LATER), LATER, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await logIn(undefined)).toMatchObject({
      refused: 'second_factor_required',
      factors: ['totp', 'recovery_code'],
    });
    expect(await lastEvent(ports, {})).toMatchObject({
      action: 'login.refused',
      accountId: ann.id,
      detail: { reason: 'second_factor_required' },
    });
  });

  it('with a wrong code, which is recorded', async () => {
    for (const otp of [wrongCode(secret, LATER), '', '12345', '1234567', 'abcdef'])
      expect(await logIn(otp)).toMatchObject({ refused: 'invalid_second_factor' });
    expect(await lastEvent(ports, {})).toMatchObject({ detail: { reason: 'invalid_second_factor' } });
  });

  it('after five wrong codes, until the oldest is a quarter of an hour old', async () => {
    for (let made = 0; made < CODES_PER_WINDOW; made += 1)
      expect(await wrong(LATER + made)).toMatchObject({ refused: 'invalid_second_factor' });
    expect(await logIn(codeAt(secret, LATER))).toMatchObject({
      refused: 'too_many_attempts',
      retryAfterSeconds: CODE_WINDOW_MS / 1000,
    });
    const open = LATER + CODE_WINDOW_MS;
    expect(await logIn(codeAt(secret, open - 1), open - 1)).toMatchObject({ refused: 'too_many_attempts' });
    expect(await logIn(codeAt(secret, open), open)).toHaveProperty('token');
  });

  it('no sooner once a right code ended the row of wrong ones', async () => {
    for (let made = 1; made < CODES_PER_WINDOW; made += 1) await wrong();
    expect(await logIn(codeAt(secret, LATER))).toHaveProperty('token');
    for (let made = 0; made < CODES_PER_WINDOW; made += 1)
      expect(await wrong()).toMatchObject({ refused: 'invalid_second_factor' });
  });

  it('for many guesses at once, of which five are checked', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => wrong()));
    const refusals = answers.map((answer) => (isRefusal(answer) ? answer.refused : 'taken'));
    expect(refusals.filter((refused) => refused === 'invalid_second_factor')).toHaveLength(CODES_PER_WINDOW);
    expect(refusals.filter((refused) => refused === 'too_many_attempts')).toHaveLength(4);
  });

  it('though the count of passwords neither grows nor is cleared by a right one alone', async () => {
    for (let made = 1; made < FAILURES_BEFORE_LOCK; made += 1) await logIn(undefined, LATER, 'wrong');
    for (let made = 0; made < 3; made += 1)
      expect(await logIn(undefined)).toMatchObject({ refused: 'second_factor_required' });
    expect(await logIn(undefined, LATER, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await logIn(codeAt(secret, LATER))).toMatchObject({ refused: 'too_many_attempts', retryAfterSeconds: 60 });
  });

  it('while codes are locked, without counting a wrong password', async () => {
    for (let made = 0; made < CODES_PER_WINDOW; made += 1) await wrong();
    const before = FAILURES_BEFORE_LOCK - CODES_PER_WINDOW;
    for (let made = 0; made < 2 * before; made += 1)
      expect(await wrong()).toMatchObject({ refused: 'too_many_attempts', retryAfterSeconds: CODE_WINDOW_MS / 1000 });
    expect(await lastEvent(ports, {})).toMatchObject({ detail: { reason: 'too_many_attempts' } });
    expect(await logIn(undefined)).toMatchObject({ refused: 'second_factor_required' });
  });

  it('for good after fifty wrong codes in a row: the password ends, and the account is notified', async () => {
    let now = LATER;
    for (let made = 0; made < WRONG_CODES_END_PASSWORD; made += 1) {
      expect(ports.mailing.delivered).toEqual([]);
      expect(await wrong(now)).toMatchObject({ refused: 'invalid_second_factor' });
      now += CODE_WINDOW_MS;
    }
    expect(ports.mailing.delivered).toEqual(['password_ended']);
    expect(await ports.queuedMails(ann.id)).toContainEqual(['password_ended', ann.email]);
    expect(await actionsOf(ports, ann.id)).toContain('account.locked');
    expect(await logIn(codeAt(secret, now), now)).toMatchObject({ refused: 'invalid_credentials' });
  });
});
