// The contract of CodeGuesses, and of SignIns as to codes: guesses are limited, and a right code works once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import {
  CODE_WINDOW_MS,
  CODES_PER_WINDOW,
  type RecoveryCodeEvidence,
  type TotpEvidence,
  WRONG_CODES_END_PASSWORD,
} from '../../src/domain/factors/second-factor.ts';
import { newMail } from '../../src/domain/mail/mail.ts';
import type { Guess } from '../../src/domain/passwords/lockout.ts';
import { ADAPTERS } from '../support/adapters.ts';
import {
  actionsOf,
  HASH,
  lastEvent,
  NO_NEEDS,
  newAccount,
  newSession,
  openSession,
  proofFor,
  uncounted,
} from '../support/domain/accounts.ts';
import { acting, NOW, nobody } from '../support/domain/contexts.ts';
import { BOX, CONFIRMED_STEP, enrol, RECOVERY_CODE_HASHES } from '../support/domain/factors.ts';
import { newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const [CODE_HASH = ''] = RECOVERY_CODE_HASHES;
const notice = () => newMail(newMailing(), 'recovery_code_used', {}, NOW);

describe.each(ADAPTERS)('codes %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters, { username: 'Ann' });
    await enrol(adapters, ann, (await openSession(adapters, ann)).id);
  });

  const reserve = (now = NOW, hash = 'no hash') => adapters.codeGuesses.reserve(ann.id, ['some hash', hash], now);
  const totp = (step: number, fields: Partial<TotpEvidence> = {}): TotpEvidence => ({
    kind: 'totp',
    box: BOX,
    step,
    ...fields,
  });
  const recoveryCode = (hash = CODE_HASH): RecoveryCodeEvidence => ({ kind: 'recovery_code', hash, notice: notice() });
  const open = (code: TotpEvidence | RecoveryCodeEvidence, session = newSession(), passwordHash: string = HASH) => {
    const [password] = proofFor(ann, passwordHash).evidence;
    const proof = { account: ann, evidence: [password, code] } as const;
    return adapters.signIns.openSession(proof, NO_NEEDS, session, acting(ann.id));
  };
  const guess = () => adapters.guesses.guessForLogin({ username: 'Ann' }, 'unknown', nobody());

  describe('are guessed at', () => {
    it('with the data that they are checked with', async () => {
      expect(await reserve()).toEqual({ box: BOX, lastStep: CONFIRMED_STEP, recoveryCodeHash: null });
      expect(await reserve(NOW, CODE_HASH)).toMatchObject({ recoveryCodeHash: CODE_HASH });
      expect((await guess()).hasTotp).toBe(true);
      const { id } = await newAccount(adapters);
      expect(await adapters.codeGuesses.reserve(id, [CODE_HASH], NOW)).toBeUndefined();
    });

    it('five times in any quarter of an hour, of many at once too', async () => {
      const guesses = await Promise.all(Array.from({ length: 9 }, () => reserve()));
      expect(guesses.filter((made) => made && 'box' in made)).toHaveLength(CODES_PER_WINDOW);
      expect(await reserve(NOW + 1)).toEqual({ lockedUntil: NOW + CODE_WINDOW_MS });
      expect(await reserve(NOW + CODE_WINDOW_MS)).toHaveProperty('box');
    });

    it('again as the oldest of five leaves the window', async () => {
      for (let made = 0; made < CODES_PER_WINDOW; made += 1) await reserve(NOW + made);
      expect(await reserve(NOW + CODE_WINDOW_MS)).toHaveProperty('box');
      expect(await reserve(NOW + CODE_WINDOW_MS)).toEqual({ lockedUntil: NOW + CODE_WINDOW_MS + 1 });
    });

    it('wrongly, on record, with the lock that the password’s guess made', async () => {
      const record = (password: Guess, missingKeyId?: string) =>
        adapters.codeGuesses.recordWrongCode({ password, missingKeyId }, notice(), acting(ann.id));
      expect(await record(uncounted(ann))).toBe('counted');
      expect(await lastEvent(adapters, {})).toMatchObject({
        action: 'login.refused',
        accountId: ann.id,
        detail: { reason: 'invalid_second_factor' },
      });
      await record(uncounted(ann), 'a kid');
      expect(await lastEvent(adapters, {})).toMatchObject({
        detail: { reason: 'invalid_second_factor', missing_key: 'a kid' },
      });
      await record({ ...uncounted(ann), locks: true });
      expect((await actionsOf(adapters, ann.id)).filter((action) => action === 'account.locked')).toHaveLength(1);
      expect(await adapters.queuedMails(ann.id)).toEqual([]);
    });

    it('wrongly for fifty times in a row, which ends the password', async () => {
      const wrong = async (made: number) => {
        await reserve(NOW + made * CODE_WINDOW_MS);
        return adapters.codeGuesses.recordWrongCode({ password: uncounted(ann) }, notice(), acting(ann.id));
      };
      for (let made = 1; made < WRONG_CODES_END_PASSWORD; made += 1) expect(await wrong(made)).toBe('counted');
      expect((await guess()).passwordHash).toBe(HASH);
      expect(await wrong(WRONG_CODES_END_PASSWORD)).toBe('password_ended');
      expect((await guess()).passwordHash).toBeUndefined();
      expect(await adapters.queuedMails(ann.id)).toEqual([['recovery_code_used', ann.email]]);
      expect(await wrong(WRONG_CODES_END_PASSWORD + 1)).toBe('counted');
    });
  });

  it('that are missing give the guess at the password back, and its lock', async () => {
    let last = await guess();
    for (let made = 1; made < 10; made += 1) last = await guess();
    expect(last.locks).toBe(true);
    await adapters.codeGuesses.giveBack(last, 'second_factor_required', acting(ann.id));
    expect(await lastEvent(adapters, {})).toMatchObject({ detail: { reason: 'second_factor_required' } });
    expect(await guess()).toMatchObject({ lockedUntil: undefined, locks: true });
    expect((await guess()).lockedUntil).toBeDefined();
  });

  describe('open a session', () => {
    it('beside the password, which opens none alone', async () => {
      const alone = adapters.signIns.openSession(proofFor(ann), NO_NEEDS, newSession(), acting(ann.id));
      expect(await alone).toEqual({ overtaken: 'password' });
      const session = newSession();
      expect(await open(totp(11), session)).toBe('opened');
      expect(await adapters.sessions.findLive(session.id, NOW)).toMatchObject({
        authentication: { methods: ['pwd', 'otp', 'mfa'], at: NOW },
      });
    });

    it('of a step that is later than any before, of the box that they were checked with', async () => {
      expect(await open(totp(CONFIRMED_STEP))).toEqual({ overtaken: 'totp' });
      expect(await open(totp(11, { box: 'another box' }))).toEqual({ overtaken: 'totp' });
      expect(await open(totp(11), newSession(), 'an older hash')).toEqual({ overtaken: 'password' });
      const outcomes = await Promise.all([open(totp(12)), open(totp(12))]);
      expect(outcomes).toContain('opened');
      expect(outcomes).toContainEqual({ overtaken: 'totp' });
      expect(await open(totp(11))).toEqual({ overtaken: 'totp' });
    });

    it('and end the row of wrong ones, with the secret under its new key', async () => {
      for (let made = 0; made < CODES_PER_WINDOW; made += 1) await reserve();
      expect(await open(totp(11, { newBox: 'a new box' }))).toBe('opened');
      expect(await reserve()).toMatchObject({ box: 'a new box', lastStep: 11 });
    });

    it('for recovery once each, with an event and a notice', async () => {
      expect(await open(recoveryCode('no hash'))).toEqual({ overtaken: 'recovery_code' });
      expect(await adapters.queuedMails(ann.id)).toEqual([]);
      expect(await open(recoveryCode())).toBe('opened');
      expect(await actionsOf(adapters, ann.id)).toContain('recovery_code.used');
      expect(await adapters.queuedMails(ann.id)).toEqual([['recovery_code_used', ann.email]]);
      expect(await open(recoveryCode())).toEqual({ overtaken: 'recovery_code' });
      expect(await adapters.factors.overview(ann.id)).toMatchObject({ recoveryCodesLeft: 1 });
    });
  });
});
