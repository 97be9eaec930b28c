// Certificates as the bundle has them: none. Passkeys are taken without attestation alone, or with the key's own
// signature (src/domain/passkeys/verification.ts), so that nothing of ours ever reads one. wrangler.toml makes the
// packages that could this file; tests import the packages themselves.
class Unread {
  constructor() {
    throw new Error('certificates are not read');
  }
}

export {
  Unread as AuthorityKeyIdentifierExtension,
  Unread as CRLDistributionPointsExtension,
  Unread as KeyDescription,
  Unread as SubjectKeyIdentifierExtension,
  Unread as X509Certificate,
  Unread as X509ChainBuilder,
  Unread as X509Crl,
};
export const id_ce_keyDescription = '';
