// Guesses at codes in memory: a guess is counted before it is checked, unless too many were wrong lately.
import {
  CODE_WINDOW_MS,
  CODES_PER_WINDOW,
  type CodeGuesses,
  WRONG_CODES_END_PASSWORD,
} from '../../../src/domain/factors/second-factor.ts';
import { record } from './audit-trail.ts';
import { queueMail } from './mails.ts';
import { giveBackGuess } from './password-guesses.ts';
import type { State } from './state.ts';
import { confirmedTotp } from './totp.ts';

export const codeGuessesIn = (state: State): CodeGuesses => ({
  async reserve(accountId, recoveryCodeHashes, now) {
    const totp = confirmedTotp(state, accountId);
    if (!totp) return undefined;
    const oldest = totp.triedAt.at(-CODES_PER_WINDOW);
    if (oldest !== undefined && oldest > now - CODE_WINDOW_MS) return { lockedUntil: oldest + CODE_WINDOW_MS };
    const triedAt = [...totp.triedAt, now].slice(-CODES_PER_WINDOW);
    state.totps.set(accountId, { ...totp, wrongCodes: totp.wrongCodes + 1, triedAt });
    const recoveryCodeHash = recoveryCodeHashes.find((hash) => state.recoveryCodes.get(accountId)?.has(hash)) ?? null;
    return { box: totp.box, lastStep: totp.lastStep, recoveryCodeHash };
  },

  async recordWrongCode({ password: { account, locks }, missingKeyId }, notice, audit) {
    const accountId = account?.id ?? 0;
    record(state, 'login.refused', accountId, audit, {
      reason: 'invalid_second_factor',
      ...(missingKeyId === undefined ? {} : { missing_key: missingKeyId }),
    });
    if (locks) record(state, 'account.locked', accountId, audit);
    const totp = state.totps.get(accountId);
    if (!account || !totp || totp.wrongCodes < WRONG_CODES_END_PASSWORD) return 'counted';
    record(state, 'account.locked', accountId, audit, { reason: 'invalid_second_factor' });
    queueMail(state, notice, account, audit);
    state.passwords.delete(accountId);
    state.totps.set(accountId, { ...totp, wrongCodes: 0 });
    return 'password_ended';
  },

  async giveBack(guess, reason, audit) {
    record(state, 'login.refused', guess.account?.id ?? null, audit, { reason });
    giveBackGuess(state, guess);
  },
});
