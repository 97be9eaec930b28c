// The session: stores its pair, refreshes it in time, and reports its end once.
import type { components } from './api.ts';
import { exclusivelyWith } from './exclusively.ts';
import type { StoredPair, TokenStorage } from './storage.ts';

/** Why there is no session any more: we logged out, another tab did, or the server refused to go on with it. */
export type EndReason = 'logged_out' | 'elsewhere' | 'refused';

/** At most this long before an access token expires it is refreshed, and at most after nine tenths of its life. */
const REFRESH_AHEAD_MS = 5_000;
/** A token's times are whole seconds, so it may live up to a second less than `expires_in`. */
const ROUNDING_MS = 1_000;

type Pair = components['schemas']['TokenPair'];

/**
 * The pair with the time of its next refresh, counted on our own clock from `askedAt`, so that clocks need not agree.
 */
function stored({ access_token, refresh_token, expires_in }: Pair, askedAt: number, session: string): StoredPair {
  const life = Math.max(0, expires_in * 1000 - ROUNDING_MS);
  return { session, access_token, refresh_token, refresh_at: askedAt + life - Math.min(REFRESH_AHEAD_MS, life / 10) };
}

/** By getRandomValues, because pages on plain HTTP have no randomUUID. */
const newName = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** `ask` sends a refresh token to the server; `onEnded` is called once a session. */
export function sessionIn(
  storage: TokenStorage,
  ask: (refreshToken: string) => Promise<Response>,
  onEnded: (reason: EndReason) => void,
) {
  const exclusively = exclusivelyWith(storage);
  let held = false;
  let refreshing: Promise<Response | undefined> | undefined;

  const current = async (): Promise<StoredPair | undefined> => {
    const pair = await storage.get();
    held ||= pair !== undefined;
    return pair;
  };

  /** The newest pair of the same session; undefined where that session is over, even if another one has begun. */
  const latestOf = async ({ session }: StoredPair): Promise<StoredPair | undefined> => {
    const pair = await current();
    return pair?.session === session ? pair : undefined;
  };

  /** `held` follows the write: a watcher who finds no pair yet has learned of an earlier session's end. */
  const keep = async (pair: StoredPair): Promise<void> => {
    await storage.set(pair);
    held = true;
  };

  /** An answer may come late: the pair of another session stays, and its end is not reported. Runs under the lock. */
  const end = async ({ session }: StoredPair, reason: EndReason): Promise<void> => {
    const pair = await current();
    if (pair && pair.session !== session) return;
    if (pair) await storage.set(undefined);
    report(reason);
  };

  /** Called once a session, in whatever way it ended. */
  const report = (reason: EndReason): void => {
    if (!held) return;
    held = false;
    onEnded(reason);
  };

  /**
   * Uses the refresh token, unless another call or tab did meanwhile. Returns a response that is neither a success nor
   * a refusal.
   */
  const refresh = async (stale: string): Promise<Response | undefined> => {
    const pair = await current();
    if (pair?.access_token !== stale) return undefined;
    const askedAt = Date.now();
    const answer = await ask(pair.refresh_token);
    if (answer.ok) {
      const next = (await answer.json()) as Pair; // a 200 has this body
      if (await latestOf(pair)) await keep(stored(next, askedAt, pair.session));
    } else if (answer.status === 401) await end(pair, 'refused');
    else return answer;
    return undefined;
  };

  storage.watch?.(() => {
    Promise.resolve(storage.get()).then((pair) => pair ?? report('elsewhere'));
  });

  /** One refresh for all who wait, here and in other tabs. `stale` is the access token that the server refused. */
  const renew = (stale: string): Promise<Response | undefined> => {
    refreshing ??= exclusively(() => refresh(stale)).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  return {
    current,
    latestOf,
    /** For callers that hold the lock. */
    end,
    /** To log in or out with no refresh under way. */
    exclusively,

    /** Stores the first pair of a new session. */
    open: (pair: Pair, askedAt: number): Promise<void> => keep(stored(pair, askedAt, newName())),

    /** Refreshes the pair of this session where it is due, or where the server found this access token expired. */
    freshen: async (of: StoredPair, expired?: string): Promise<Response | undefined> => {
      const pair = await latestOf(of);
      const willDo = !pair || (pair.access_token !== expired && Date.now() < pair.refresh_at);
      return willDo ? undefined : renew(pair.access_token);
    },
  };
}

export type Session = ReturnType<typeof sessionIn>;
