// Mailed links: a token for one purpose verifies an email, undoes a change of it or sets a password, and only once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { findUndoableChange, undoEmailChange } from '../../../src/domain/email/undo.ts';
import {
  findVerification,
  requestVerification,
  requiresVerifiedEmail,
  verifyEmail,
} from '../../../src/domain/email/verification.ts';
import {
  LIFETIME_MS,
  type OneTimePurpose,
  oneTimeTokenOf,
} from '../../../src/domain/one-time-tokens/one-time-token.ts';
import { findReset, forgotPassword, resetPassword, sendResetMail } from '../../../src/domain/passwords/recovery.ts';
import { SETTINGS } from '../../../src/domain/settings/settings.ts';
import { newAccount, newAdmin, openSession, PASSWORD } from '../../support/domain/accounts.ts';
import { acting, administering, CLIENT, HOUR_MS, MINUTE_MS, NOW, nobody } from '../../support/domain/contexts.ts';
import { newIssuer } from '../../support/domain/issuer.ts';
import { changeMails, NO_MAIL } from '../../support/domain/mailing.ts';
import { type AllPorts, domainPorts } from '../../support/domain/ports.ts';

const INVALID = { refused: 'invalid_one_time_token' };
const NOT_CONFIGURED = { refused: 'mail_not_configured' };
const NEW_PASSWORD = 'battery staple';

let ports: AllPorts;
let ann: Account;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
});

const withoutMail = () => ({ ...ports, mailing: NO_MAIL });

/** The token in the link of the last mail that was queued. */
async function lastToken(purpose: OneTimePurpose, now = NOW): Promise<string> {
  const mails = await ports.outbox.claim('any', 99, now + MINUTE_MS);
  return oneTimeTokenOf(ports.issuer.keys, purpose, mails.at(-1)?.tokenId ?? '');
}

describe('a verification', () => {
  const request = (now = NOW) => requestVerification(ports, acting(ann.id, { now }));
  async function linked(): Promise<string> {
    await request();
    return lastToken('verify_email');
  }

  it('is of the address that the link was mailed to, once', async () => {
    const token = await linked();
    expect(ports.mailing.delivered).toEqual(['email_verification']);
    const { userAgent } = CLIENT;
    expect(await findVerification(ports, token, NOW)).toEqual({ account: ann, userAgent });
    expect(await verifyEmail(ports, token, nobody())).toBe(ann.email);
    expect([await verifyEmail(ports, token, nobody()), await findVerification(ports, token, NOW)]).toEqual([
      expect.objectContaining(INVALID),
      expect.objectContaining(INVALID),
    ]);
    expect(await request()).toMatchObject({ refused: 'email_verified' });
  });

  it('is refused for a token that is made up, changed, of another purpose, or of other keys', async () => {
    const token = await linked();
    const id = 'ab'.repeat(16);
    const { keys } = await newIssuer();
    for (const wrong of [
      '',
      'x'.repeat(64),
      `${token}A`,
      `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`,
      await oneTimeTokenOf(ports.issuer.keys, 'reset_password', id),
      await oneTimeTokenOf(keys, 'verify_email', id),
    ]) {
      expect(await verifyEmail(ports, wrong, nobody())).toMatchObject(INVALID);
      expect(await findVerification(ports, wrong, NOW)).toMatchObject(INVALID);
    }
  });

  it('is refused once it has expired', async () => {
    const token = await linked();
    expect(await verifyEmail(ports, token, nobody(NOW + LIFETIME_MS.verify_email))).toMatchObject(INVALID);
  });

  it('is asked for by an account that has an email, a few times, and delivered where it was queued', async () => {
    const { id } = await newAccount(ports, { email: null });
    expect(await requestVerification(ports, acting(id))).toMatchObject({ refused: 'no_email' });
    const ended = acting(ann.id, { sessionId: 'none' });
    expect(await requestVerification(ports, ended)).toMatchObject({ refused: 'token_revoked' });
    expect([await request(), await request()]).toEqual([
      'queued',
      expect.objectContaining({ refused: 'too_many_requests' }),
    ]);
    expect(ports.mailing.delivered).toEqual(['email_verification']);
  });

  it('is not available without mail, and then no login needs it', async () => {
    const token = await linked();
    expect(await requestVerification(withoutMail(), acting(ann.id))).toMatchObject(NOT_CONFIGURED);
    expect(await verifyEmail(withoutMail(), token, nobody())).toMatchObject(NOT_CONFIGURED);
    const settings = { ...(await ports.settings.current(NOW)), EMAIL_VERIFICATION_REQUIRED: true };
    expect([requiresVerifiedEmail(ports, settings), requiresVerifiedEmail(withoutMail(), settings)]).toEqual([
      true,
      false,
    ]);
    const isRequired = SETTINGS.EMAIL_VERIFICATION_REQUIRED.default;
    expect(requiresVerifiedEmail(ports, { ...settings, EMAIL_VERIFICATION_REQUIRED: isRequired })).toBe(isRequired);
  });
});

describe('an undo of a change of email', () => {
  async function changed(): Promise<string> {
    await ports.verifyEmail(ann.id);
    const { notice } = changeMails('thief@example.com');
    const mails = { notice, verification: undefined };
    await ports.accounts.rename({ email: 'thief@example.com' }, mails, acting(ann.id));
    return lastToken('undo_email');
  }

  it('restores the address, once, and notifies the replaced one', async () => {
    const token = await changed();
    await ports.verifyEmail(ann.id);
    const { email, username } = ann;
    expect(await findUndoableChange(ports, token, NOW)).toEqual({ email, username, changedAt: NOW });
    expect(await undoEmailChange(ports, token, nobody())).toBe(email);
    expect(ports.mailing.delivered).toEqual(['email_undone']);
    expect(await ports.queuedMails(ann.id)).toContainEqual(['email_undone', 'thief@example.com']);
    expect(await undoEmailChange(ports, token, nobody())).toMatchObject(INVALID);
    expect(await findUndoableChange(ports, token, NOW)).toMatchObject(INVALID);
  });

  it('is refused once expired, for a token of another purpose, and without mail', async () => {
    const token = await changed();
    expect(await undoEmailChange(ports, token, nobody(NOW + LIFETIME_MS.undo_email))).toMatchObject(INVALID);
    expect(await verifyEmail(ports, token, nobody())).toMatchObject(INVALID);
    expect(await undoEmailChange(withoutMail(), token, nobody())).toMatchObject(NOT_CONFIGURED);
    expect(await undoEmailChange(ports, 'no token', nobody())).toMatchObject(INVALID);
    expect(await undoEmailChange(ports, token, nobody())).toBe(ann.email);
  });
});

describe('a reset of a password', () => {
  async function forgotten(): Promise<string> {
    await forgotPassword(ports, ann.email ?? '', nobody());
    return lastToken('reset_password');
  }
  const reset = async (token: string, password = NEW_PASSWORD, now = NOW) =>
    resetPassword(ports, token, password, await ports.settings.current(NOW), nobody(now));
  const passwordIs = async (password: string) => {
    const { passwordHash } = await ports.guesses.guessForSession(ann.id, 'any', acting(ann.id));
    return ports.hashing.verify(passwordHash, password);
  };

  it('sets the password, once, and ends every session', async () => {
    await openSession(ports, ann);
    const token = await forgotten();
    const { email, username } = ann;
    expect(await findReset(ports, token, NOW)).toEqual({ email, username });
    expect(await reset(token)).toBe('reset');
    expect([await passwordIs(NEW_PASSWORD), await passwordIs(PASSWORD)]).toEqual([true, false]);
    expect(await ports.sessions.list(ann.id, NOW)).toEqual([]);
    expect(ports.mailing.delivered).toEqual(['password_reset', 'password_was_reset']);
    expect(await reset(token)).toMatchObject(INVALID);
    expect(await findReset(ports, token, NOW)).toMatchObject(INVALID);
  });

  it('is accepted for any email, known or not', async () => {
    expect(await forgotPassword(ports, 'nobody@example.com', nobody())).toBe('accepted');
    expect(await forgotPassword(withoutMail(), ann.email ?? '', nobody())).toMatchObject(NOT_CONFIGURED);
    expect(await ports.queuedMails(ann.id)).toEqual([]);
  });

  it('refuses a weak password, and does not use the link up', async () => {
    const token = await forgotten();
    expect(await reset(token, 'short')).toMatchObject({ refused: 'password_too_short' });
    expect(await reset(token)).toBe('reset');
  });

  it('is refused once expired, for any other token, and without mail', async () => {
    const token = await forgotten();
    expect(await reset(token, NEW_PASSWORD, NOW + HOUR_MS)).toMatchObject(INVALID);
    expect(await reset('no token')).toMatchObject(INVALID);
    const settings = await ports.settings.current(NOW);
    expect(await resetPassword(withoutMail(), token, NEW_PASSWORD, settings, nobody())).toMatchObject(NOT_CONFIGURED);
    expect(await passwordIs(PASSWORD)).toBe(true);
  });

  it('is mailed at an admin’s request to an account that has an email', async () => {
    const boss = await newAdmin(ports);
    const send = (id: number, by = administering(boss.id)) => sendResetMail(ports, id, by);
    expect(await send(ann.id, administering(ann.id))).toMatchObject({ refused: 'forbidden' });
    expect(await send(ann.id)).toBe('queued');
    expect(await send(ann.id)).toMatchObject({ refused: 'too_many_requests' });
    expect(await send((await newAccount(ports, { email: null })).id)).toMatchObject({ refused: 'no_email' });
    expect(await sendResetMail(withoutMail(), ann.id, administering(boss.id))).toMatchObject(NOT_CONFIGURED);
    expect(ports.mailing.delivered).toEqual(['password_reset']);
  });
});
