// Breached passwords: a list among the static assets, and the range API of Have I Been Pwned, which learns five
// characters of a SHA-1 and no password.
import { toHex } from '../../domain/digest.ts';
import type { BreachedPasswords } from '../../domain/passwords/policy.ts';

const LIST = 'https://assets.local/assets/common-passwords.txt';
const PREFIX_LENGTH = 5;
const TIMEOUT_MS = 1000;

// Cached as a value: a request must not await a promise of another request.
let common: ReadonlySet<string> | undefined;

/** `failed` is called for each failed look-up, which keeps nobody from signing up. */
export const breachedPasswordsBy = (assets: Fetcher, rangeUrl: string, failed: () => void): BreachedPasswords => {
  const orFailed = (lookUp: Promise<boolean>): Promise<boolean> =>
    lookUp.catch(() => {
      failed();
      return false;
    });
  return {
    isCommon: (password) => orFailed(isInList(assets, password)),
    isBreached: (password) => orFailed(isInRange(rangeUrl, password)),
  };
};

async function isInList(assets: Fetcher, password: string): Promise<boolean> {
  common ??= new Set((await listIn(assets)).split('\n'));
  return common.has(password.toLowerCase());
}

async function isInRange(rangeUrl: string, password: string): Promise<boolean> {
  const hash = await sha1(password);
  return isListed(await range(rangeUrl, hash.slice(0, PREFIX_LENGTH)), hash.slice(PREFIX_LENGTH));
}

async function listIn(assets: Fetcher): Promise<string> {
  const response = await assets.fetch(LIST);
  if (!response.ok) throw new Error(`the list of common passwords was answered ${response.status}`);
  return response.text();
}

async function range(url: string, prefix: string): Promise<string> {
  const response = await fetch(`${url}/range/${prefix}`, {
    // Padding rows make every answer about as long as any other.
    headers: { 'Add-Padding': 'true', 'User-Agent': 'latchkey' },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`the range API answered ${response.status}`);
  return body;
}

/** A row is `SUFFIX:COUNT`; the count of padding is 0. */
const isListed = (rows: string, suffix: string): boolean =>
  rows.split('\n').some((row) => {
    const [listed, count] = row.trim().split(':');
    return listed === suffix && Number(count) > 0;
  });

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text));
  return toHex(new Uint8Array(digest)).toUpperCase();
}
