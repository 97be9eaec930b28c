// Guesses at passwords in memory: a guess is counted unless a lock forbids it.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { networkOf } from '../../../src/domain/network.ts';
import {
  ACCOUNT_LOCK_MS,
  ACCOUNT_WINDOW_MS,
  FAILURES_BEFORE_ACCOUNT_LOCK,
  FAILURES_BEFORE_LOCK,
  FIRST_LOCK_MS,
  type Guess,
  KNOWN_NETWORK_MS,
  LOCK_DOUBLINGS,
  LONGEST_LOCK_MS,
  type PasswordGuesses,
} from '../../../src/domain/passwords/lockout.ts';
import { findNamed } from './account-changes.ts';
import { record } from './audit-trail.ts';
import { activeAccount } from './conditions.ts';
import { type GuessCount, keyOf, type State } from './state.ts';
import { confirmedTotp } from './totp.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

const networkIn = ({ ip }: AuditContext): string => (ip === null ? '' : networkOf(ip));

export const guessesIn = (state: State): PasswordGuesses => ({
  async guessForLogin(identifier, unknownSubject, audit) {
    const account = findNamed(state, identifier);
    const subject = account ? `account:${account.id}` : unknownSubject;
    const source = { subject, network: networkIn(audit) };
    return guess(state, account, { ...source, accountLock: accountLock(state, account, subject, audit) }, audit.now);
  },

  async guessForSession(accountId, sessionId, { now }) {
    const source = { subject: `session:${sessionId}`, network: '', accountLock: 0 };
    return guess(state, activeAccount(state, accountId), source, now);
  },

  async recordWrong({ account, locks }, audit) {
    const accountId = account?.id ?? null;
    record(state, 'login.refused', accountId, audit, { reason: 'invalid_credentials' });
    if (locks) record(state, 'account.locked', accountId, audit);
  },
});

type Source = Pick<Guess, 'subject' | 'network'> & { readonly accountLock: number };

function guess(state: State, account: Account | undefined, source: Source, now: number): Guess {
  const { subject, network, accountLock } = source;
  const before = state.guesses.get(keyOf(subject, network));
  const locked = Math.max(before?.lockedUntil ?? 0, accountLock);
  const counted = locked > now ? undefined : countedGuess(before, source, now);
  if (counted) state.guesses.set(keyOf(subject, network), counted);
  return {
    subject,
    network,
    account,
    passwordHash: account && state.passwords.get(account.id),
    hasTotp: account !== undefined && confirmedTotp(state, account.id) !== undefined,
    lockedUntil: counted ? undefined : locked,
    locks: (counted?.lockedUntil ?? 0) > now,
  };
}

function countedGuess(before: GuessCount | undefined, { subject, network }: Source, now: number): GuessCount {
  const count = (before?.count ?? 0) + 1;
  const doublings = Math.min(LOCK_DOUBLINGS, count - FAILURES_BEFORE_LOCK);
  const lockedUntil = doublings < 0 ? 0 : now + Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** doublings);
  const window = before && before.windowStart > now - ACCOUNT_WINDOW_MS ? before : { windowCount: 0, windowStart: now };
  const { windowCount, windowStart } = window;
  return { subject, network, count, lockedUntil, lastAt: now, windowCount: windowCount + 1, windowStart };
}

/** Until when an account is locked for networks that it does not know; 0 for no lock. */
function accountLock(state: State, account: Account | undefined, subject: string, audit: AuditContext): number {
  const knownAt = account && state.knownNetworks.get(keyOf(account.id, networkIn(audit)))?.lastAt;
  if (knownAt !== undefined && knownAt > audit.now - KNOWN_NETWORK_MS) return 0;
  const lately = [...state.guesses.values()].filter(
    (count) => count.subject === subject && count.windowStart > audit.now - ACCOUNT_WINDOW_MS,
  );
  const total = lately.reduce((sum, { windowCount }) => sum + windowCount, 0);
  if (total < FAILURES_BEFORE_ACCOUNT_LOCK) return 0;
  return Math.max(...lately.map(({ lastAt }) => lastAt)) + ACCOUNT_LOCK_MS;
}

/** Takes back a guess that was right but opened no session, and its lock, if this guess set it. */
export function giveBackGuess(state: State, { subject, network, locks }: Guess): void {
  const key = keyOf(subject, network);
  const stored = state.guesses.get(key);
  if (!stored) return;
  const [count, windowCount] = [Math.max(0, stored.count - 1), Math.max(0, stored.windowCount - 1)];
  state.guesses.set(key, { ...stored, count, windowCount, ...(locks ? { lockedUntil: 0 } : {}) });
}

/** Clears the count of a guess that was right. */
export function clearGuess(state: State, { subject, network }: Guess): void {
  state.guesses.delete(keyOf(subject, network));
}

/** Remembers the network of a sign-in, at most once a day. */
export function rememberNetwork(state: State, accountId: number, audit: AuditContext): void {
  const network = networkIn(audit);
  const key = keyOf(accountId, network);
  const isFresh = (state.knownNetworks.get(key)?.lastAt ?? 0) >= audit.now - DAY_MS;
  if (audit.ip !== null && !isFresh) state.knownNetworks.set(key, { accountId, network, lastAt: audit.now });
}
