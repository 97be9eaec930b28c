// Where the pair of a session is kept between calls: in memory, or in a browser's localStorage, which all its tabs share.

/** A pair as it was answered, and when to ask for the next one, in milliseconds of our own clock. */
export interface StoredPair {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly refresh_at: number;
}

/** Bring your own for a keychain, a cookie or a test. */
export interface TokenStorage {
  get(): StoredPair | undefined | Promise<StoredPair | undefined>;
  /** Keeps the pair; undefined forgets it. */
  set(pair: StoredPair | undefined): void | Promise<void>;
  /** A name shared by everyone who shares this storage: a refresh then holds the Web Lock of this name. */
  readonly lock?: string;
  /** Calls back when someone else changed what is kept. */
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

// Named here, because the same source is compiled for browsers, Node.js and Workers, and not all of them know these.
interface Browser {
  readonly localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void };
  addEventListener(type: 'storage', listener: (event: { readonly key: string | null }) => void): void;
}

/** Survives a reload and is shared by every tab of the origin. Any script of the page can read it: see the README on XSS. */
export function browserStorage(key = 'latchkey'): TokenStorage {
  const { localStorage, addEventListener } = globalThis as unknown as Browser; // whoever calls this is in a browser
  return {
    lock: key,
    get: () => parse(localStorage.getItem(key)),
    set: (pair) => (pair ? localStorage.setItem(key, JSON.stringify(pair)) : localStorage.removeItem(key)),
    // A null key is all of localStorage being cleared.
    watch: (changed) => addEventListener('storage', (event) => (event.key === key || event.key === null) && changed()),
  };
}

function parse(text: string | null): StoredPair | undefined {
  try {
    const { access_token, refresh_token, refresh_at } = JSON.parse(text ?? '') as StoredPair;
    if (access_token && refresh_token) return { access_token, refresh_token, refresh_at: Number(refresh_at) || 0 };
  } catch {
    // Something else of this name, or nothing: there is no session.
  }
  return undefined;
}
