// The WebAuthn relying party: the host of the issuer, and the origins that may use its passkeys.

export interface RelyingParty {
  /** The host that passkeys are bound to. */
  readonly id: string;
  /** The issuer's origin, and every CORS origin that shares the host. */
  readonly origins: readonly string[];
}

/** `corsOrigins` are separated by spaces. An origin shares the host if its own is that host or a subdomain. */
export function relyingPartyOf(issuer: string, corsOrigins: string): RelyingParty {
  const { hostname: id, origin } = new URL(issuer);
  const sharing = corsOrigins.split(/\s+/).filter((listed) => sharesHost(listed, id));
  return { id, origins: [...new Set([origin, ...sharing])] };
}

function sharesHost(origin: string, id: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === id || hostname.endsWith(`.${id}`);
}
