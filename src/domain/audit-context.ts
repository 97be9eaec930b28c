// The actor, the right, the client and the time of a write: each write records them and checks the right again.

/** The client's network address as Cloudflare saw it, and its `User-Agent`. */
export interface ClientInfo {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** The context that an audit event records besides its action. */
export interface AuditContext extends ClientInfo {
  /** The acting account; null where nobody is signed in. */
  readonly actorId: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A caller's right to act. Stores repeat it in the WHERE of each write: it may have ended since it was checked. */
export interface Authority {
  /** An account that must be active. */
  readonly accountId: number;
  /** A session that must be live; null for an access token, which outlives its session by design. */
  readonly sessionId: string | null;
  /** With a client's token an account has a user's rights, whatever its role. */
  readonly atMost?: 'user';
  /** The role that the account must have; null where any will do. */
  readonly role: 'admin' | null;
  /** The proof that the session must have given, beside being live. */
  readonly proven?: SessionProof;
}

/** The proof that an operation asks of a session, beside being live. */
export interface SessionProof {
  /** All its credentials, since this time (milliseconds since the epoch). */
  readonly since?: number;
  /** Two factors. */
  readonly factors?: 2;
}

/** The context of a write that needs a right. */
export interface AuthorizedContext extends AuditContext {
  readonly actorId: number;
  /** The session that acts; it may have ended where an access token acts for it. */
  readonly sessionId: string;
  readonly authority: Authority;
}

/** The same context, where the write needs the admin role as well. */
export const asAdmin = (audit: AuthorizedContext): AuthorizedContext => ({
  ...audit,
  authority: { ...audit.authority, role: 'admin' },
});
