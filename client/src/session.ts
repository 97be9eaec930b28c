// The session: whose pair it is, when it is refreshed, and that everybody learns of its end.
import type { components } from './api.ts';
import { exclusivelyUnder } from './exclusively.ts';
import type { StoredPair, TokenStorage } from './storage.ts';

/** Why there is no session any more: we logged out, another tab did, or the server refused to go on with it. */
export type EndReason = 'logged_out' | 'elsewhere' | 'refused';

/** At most this long before an access token expires it is refreshed, and at most after nine tenths of its life. */
const REFRESH_AHEAD_MS = 5_000;
/** A token's times are whole seconds, so it may live up to a second less than `expires_in`. */
const ROUNDING_MS = 1_000;

type Pair = components['schemas']['TokenPair'];

/** Until when a token that was asked for at `askedAt` is used; its age on our own clock, so clocks need not agree. */
function stored({ access_token, refresh_token, expires_in }: Pair, askedAt: number): StoredPair {
  const life = Math.max(0, expires_in * 1000 - ROUNDING_MS);
  return { access_token, refresh_token, refresh_at: askedAt + life - Math.min(REFRESH_AHEAD_MS, life / 10) };
}

/** `ask` sends a refresh token to the server; `onEnded` is told once a session. */
export function sessionIn(
  storage: TokenStorage,
  ask: (refreshToken: string) => Promise<Response>,
  onEnded: (reason: EndReason) => void,
) {
  const exclusively = exclusivelyUnder(storage.lock);
  let held = false;
  let refreshing: Promise<Response | undefined> | undefined;

  const current = async (): Promise<StoredPair | undefined> => {
    const pair = await storage.get();
    held ||= pair !== undefined;
    return pair;
  };

  const keep = async (pair: Pair, askedAt: number): Promise<void> => {
    held = true;
    await storage.set(stored(pair, askedAt));
  };

  const end = async (reason: EndReason): Promise<void> => {
    await storage.set(undefined);
    report(reason);
  };

  /** Once a session, whoever ended it. */
  const report = (reason: EndReason): void => {
    if (!held) return;
    held = false;
    onEnded(reason);
  };

  /** Spends the refresh token, unless another call or tab did meanwhile. The answer, where the server could not say yes or no. */
  const refresh = async (stale: string): Promise<Response | undefined> => {
    const pair = await current();
    if (!pair || pair.access_token !== stale) return undefined;
    const askedAt = Date.now();
    const answer = await ask(pair.refresh_token);
    if (answer.ok)
      await keep((await answer.json()) as Pair, askedAt); // a 200 has this body
    else if (answer.status === 401) await end('refused');
    else return answer;
    return undefined;
  };

  storage.watch?.(() => {
    Promise.resolve(storage.get()).then((pair) => pair ?? report('elsewhere'));
  });

  /** One refresh for all who wait, here and in other tabs. `stale` is the access token that would not do. */
  const renew = (stale: string): Promise<Response | undefined> => {
    refreshing ??= exclusively(() => refresh(stale)).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  return {
    current,
    end,
    /** To log in or out with no refresh under way. */
    exclusively,
    keep,

    /** Makes the pair one that will do: fresh, and not with the access token that the server found expired. */
    freshen: async (expired?: string): Promise<Response | undefined> => {
      const pair = await current();
      const willDo = !pair || (pair.access_token !== expired && Date.now() < pair.refresh_at);
      return willDo ? undefined : renew(pair.access_token);
    },
  };
}
