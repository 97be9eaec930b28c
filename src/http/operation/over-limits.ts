// What an isolate remembers of calls over a limit, so that it refuses the next before any work. Each map is bounded.

export interface OverLimits {
  /** Until when the calls of a network are refused, in milliseconds since the epoch, by the key of their limit. */
  readonly networks: Map<string, number>;
  /** Until when a session is over its limit. By session and not by account: an admin's own tokens have no limit. */
  readonly sessions: Map<string, number>;
  /** When the next call of an account is counted, whose sessions are among those. */
  readonly nextAt: Map<string, number>;
  /** When each of these accounts was last no admin: a burst of calls must not look it up each time. */
  readonly noAdmins: Map<number, number>;
  /** When the last of the refusals that are held back leaves. */
  heldUntil: number;
  /** From when on refusals are held back again, after there were too many of them. */
  holdsFrom: number;
}

export const newOverLimits = (): OverLimits => ({
  networks: new Map(),
  sessions: new Map(),
  nextAt: new Map(),
  noAdmins: new Map(),
  heldUntil: 0,
  holdsFrom: 0,
});
