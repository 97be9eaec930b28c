// Where the pair of a session is stored between calls: in memory, or in a browser's IndexedDB, which all its tabs
// share.
import { createStore, del, get, set } from 'idb-keyval';

/** A pair as it was answered, and when to ask for the next one, in milliseconds of our own clock. */
export interface StoredPair {
  /** Which session this is a pair of: a login makes up a new name, and refreshes pass it on. */
  readonly session: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly refresh_at: number;
}

/** Bring your own for a keychain, a cookie or a test. */
export interface TokenStorage {
  get(): StoredPair | undefined | Promise<StoredPair | undefined>;
  /** Stores the pair; undefined forgets it. */
  set(pair: StoredPair | undefined): void | Promise<void>;
  /** A name shared by everyone who shares this storage: the pair is then changed under the Web Lock of this name. */
  readonly lock?: string;
  /** Calls back when another page or process changed the stored pair. */
  watch?(changed: () => void): void;
}

/** Forgets everything with the page or the process. */
export function memoryStorage(): TokenStorage {
  let kept: StoredPair | undefined;
  return {
    get: () => kept,
    set: (pair) => {
      kept = pair;
    },
  };
}

/**
 * Named here, because the same source is compiled for browsers, Node.js and Workers, and not all of their types agree
 * on it.
 */
interface Tabs {
  postMessage(message: null): void;
  addEventListener(type: 'message', listener: () => void): void;
}

/**
 * Survives a reload and is shared by every tab of the origin. Any script of the page can read it: see the README on
 * XSS. It is IndexedDB, since a tab may see another's write to localStorage late, and would use a refresh token a
 * second time.
 */
export function browserStorage(key = 'latchkey'): TokenStorage {
  const store = createStore(key, 'pairs');
  // Called in browsers only, which have it.
  const { BroadcastChannel } = globalThis as unknown as { readonly BroadcastChannel: new (name: string) => Tabs };
  const tabs = new BroadcastChannel(key);
  return {
    lock: key,
    get: () => get<StoredPair>(PAIR, store),
    set: async (pair) => {
      await (pair ? set(PAIR, pair, store) : del(PAIR, store));
      tabs.postMessage(null);
    },
    watch: (changed) => tabs.addEventListener('message', changed),
  };
}

const PAIR = 'pair';
