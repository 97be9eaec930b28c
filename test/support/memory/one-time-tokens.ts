// One-time tokens in memory: which are live, and how many mails an account may still ask for.
import type { Account } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import { type OneTimePurpose, REQUESTS_PER_HOUR } from '../../../src/domain/one-time-tokens/one-time-token.ts';
import { activeAccount } from './conditions.ts';
import type { State, StoredToken } from './state.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The account that a live token is for. One that verifies or resets is valid only for the email that it was mailed to.
 */
export function ownerOf(state: State, tokenId: string, purpose: OneTimePurpose, now: number): Account | undefined {
  const token = state.oneTimeTokens.get(tokenId);
  if (token?.purpose !== purpose || !isLiveToken(token, now)) return undefined;
  const owner = activeAccount(state, token.accountId);
  const isForEmail = owner?.email != null && foldKey(owner.email) === token.emailKey;
  return purpose === 'undo_email' || isForEmail ? owner : undefined;
}

/** Not used, not superseded, and not expired. */
const isLiveToken = ({ endedAt, expiresAt }: StoredToken, now: number): boolean => endedAt === null && expiresAt > now;

export const mayRequest = (state: State, accountId: number, purpose: OneTimePurpose, now: number): boolean =>
  retryAt(state, accountId, purpose, now) <= now;

/** Seconds until an account may ask for one more mail of this purpose, at least one. */
export const retryAfter = (state: State, accountId: number, purpose: OneTimePurpose, now: number): number =>
  Math.max(1, Math.ceil((retryAt(state, accountId, purpose, now) - now) / 1000));

function retryAt(state: State, accountId: number, purpose: OneTimePurpose, now: number): number {
  const requests = tokensOf(state, accountId)
    .filter((token) => token.purpose === purpose && token.requested && token.createdAt > now - HOUR_MS)
    .map(({ createdAt }) => createdAt);
  if (requests.length < REQUESTS_PER_HOUR) return Math.max(0, ...requests) + MINUTE_MS;
  return Math.min(...requests) + HOUR_MS;
}

/** Ends the live tokens of these purposes of an account. */
export function endTokens(state: State, accountId: number, purposes: readonly OneTimePurpose[], now: number): void {
  for (const token of tokensOf(state, accountId)) if (purposes.includes(token.purpose)) endToken(state, token, now);
}

export function endToken(state: State, token: StoredToken, now: number): void {
  if (token.endedAt === null) state.oneTimeTokens.set(token.id, { ...token, endedAt: now });
}

/** Whether an address is reserved for another account than `ownId`, which may still undo a change of it. */
export const isReserved = (state: State, email: string | null, ownId: number | undefined, now: number): boolean =>
  email !== null &&
  [...state.oneTimeTokens.values()].some(
    (token) =>
      token.purpose === 'undo_email' &&
      token.emailKey === foldKey(email) &&
      token.accountId !== ownId &&
      isLiveToken(token, now),
  );

export const tokensOf = (state: State, accountId: number): readonly StoredToken[] =>
  [...state.oneTimeTokens.values()].filter((token) => token.accountId === accountId);
