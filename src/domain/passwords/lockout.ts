// Ten wrong passwords in a row lock an account's password login, known or not; a right one clears the count.

/** Wrong passwords in a row before the first lock. */
export const FAILURES_BEFORE_LOCK = 10;
/** The first lock's length; each further wrong password doubles it. */
export const FIRST_LOCK_MS = 60 * 1000;
export const LONGEST_LOCK_MS = 15 * 60 * 1000;
/** Doublings after which the longest lock is reached. */
export const LOCK_DOUBLINGS = 4;

/** A row of failures is forgotten this long after its last one. */
export const FAILURES_FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;

/** Whole seconds until a lock ends, at least one, as Retry-After wants them. */
export const retryAfterSeconds = (lockedUntil: number, now: number): number =>
  Math.max(1, Math.ceil((lockedUntil - now) / 1000));
