// The algorithms of signatures (RFC 7518 §3.1).

/** Signs every token but some ID tokens. */
export const SIGNATURE_ALGORITHM = 'ES256';
/** Signs ID tokens of clients that ask for it. */
export const RSA_ALGORITHM = 'RS256';
