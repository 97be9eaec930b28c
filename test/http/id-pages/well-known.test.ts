// The well-known addresses by which password managers find the pages of an account.
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import { signIn } from '../../support/visitor.ts';

const ISSUER = 'https://id.example.com';
const client = newClient({ RATE_LIMITS: 'off', ISSUER });

/** What the page of an address shows to somebody who signed in. */
async function pageAt(path: string) {
  const { cookie } = await signIn(client, await loggedIn(client));
  return client.get(path, { headers: { Cookie: cookie } });
}

it('the one for changing a password leads to the form, by way of a sign-in', async () => {
  const { status, headers } = await client.get('/.well-known/change-password');
  const form = headers.get('Location') ?? '';
  expect({ status, form }).toEqual({ status: 303, form: '/id/password' });
  expect((await client.get(form)).headers.get('Location')).toBe('/id/sign-in?next=%2Fid%2Fpassword');
  const { status: shown, text } = await pageAt(form);
  expect(shown).toBe(200);
  expect(text).toContain('autocomplete="new-password"');
  // Browsers take the address for real only where one that cannot exist is not found.
  const unknown = await client.get('/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200');
  expect(unknown.status).toBe(404);
});

it('the one of passkeys names the page that adds and removes them, on the origin of the issuer', async () => {
  const { status, headers, body } = await client.get('/.well-known/passkey-endpoints');
  expect({ status, type: headers.get('Content-Type') }).toEqual({ status: 200, type: 'application/json' });
  expect(body).toEqual({ enroll: `${ISSUER}/id/passkeys`, manage: `${ISSUER}/id/passkeys` });
  const { status: shown, text } = await pageAt('/id/passkeys');
  expect(shown).toBe(200);
  expect(text).toContain('data-options=');
});
