// The well-known addresses by which password managers find the pages of an account.
import type { Api } from '../context.ts';

export function wellKnownAddresses({ app }: Api): void {
  // W3C, A Well-Known URL for Changing Passwords.
  app.get('/.well-known/change-password', (c) => c.redirect('/id/password', 303));

  // W3C, A Well-Known URL for Relying Party Passkey Endpoints.
  app.get('/.well-known/passkey-endpoints', (c) => {
    const passkeys = new URL('/id/passkeys', c.env.ISSUER).href;
    return c.json({ enroll: passkeys, manage: passkeys });
  });
}
