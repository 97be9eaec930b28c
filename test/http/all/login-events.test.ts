// The event of a login has its methods, for every way to log in.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { enrolled } from '../../support/authenticator-app.ts';
import { newClient } from '../../support/client.ts';
import { newApp, tokensFor } from '../../support/oauth.ts';
import { PASSWORD_LOGINS } from '../../support/password-logins.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { addPasskey, newAuthenticator, passkeyLogin } from '../../support/soft-authenticator.ts';
import { post, signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });

/** The methods of the last login. */
async function lastMethods(id: number): Promise<unknown> {
  const detail = await env.DB.prepare(
    "SELECT detail FROM audit_events WHERE account_id = ? AND action = 'login.succeeded' ORDER BY id DESC LIMIT 1",
  )
    .bind(id)
    .first<string>('detail');
  return JSON.parse(detail ?? '{}').amr;
}

describe.each(Object.entries(PASSWORD_LOGINS))('%s', (_, { send }) => {
  it('is by a password, or by a password and a code of either kind', async () => {
    const person = await admin(client);
    await send(client, person);
    expect(await lastMethods(person.id)).toEqual(['pwd']);
    const { codes, nextCode } = await enrolled(client, person);
    for (const otp of [nextCode(), codes[0]]) {
      await env.DB.prepare("DELETE FROM audit_events WHERE action = 'login.succeeded'").run();
      await send(client, person, otp);
      expect(await lastMethods(person.id)).toEqual(['pwd', 'otp', 'mfa']);
    }
  });
});

describe('a passkey', () => {
  it.each([
    { kind: 'of one device', backupEligible: false, method: 'hwk' },
    { kind: 'that is synced', backupEligible: true, method: 'swk' },
  ])('$kind is a method of its own, at the API and on the page', async ({ backupEligible, method }) => {
    const person = await loggedIn(client);
    const authenticator = newAuthenticator();
    await addPasskey(client, person.access_token, authenticator, { backupEligible });
    expect((await passkeyLogin(client, authenticator, { backupEligible })).status).toBe(200);
    expect(await lastMethods(person.id)).toEqual([method, 'user', 'mfa']);

    await env.DB.prepare("DELETE FROM audit_events WHERE action = 'login.succeeded'").run();
    const { body: options } = await client.post('/api/login/passkey/options');
    const credential = JSON.stringify(await authenticator.get(options, { backupEligible }));
    expect((await post(client, '/id/sign-in/passkey', { credential })).status).toBe(303);
    expect(await lastMethods(person.id)).toEqual([method, 'user', 'mfa']);
  });
});

it('a login to an app has the methods of the session that let it in', async () => {
  const app = await newApp(client);
  const person = await loggedIn(client);
  await tokensFor(client, app, await signIn(client, person));
  expect(await lastMethods(person.id)).toEqual(['pwd']);
});

it('the admin pages say so in words', async () => {
  const boss = await admin(client);
  const { cookie } = await signIn(client, boss);
  const { text } = await client.get('/admin/audit?action=login.succeeded', { headers: { Cookie: cookie } });
  expect(text).toContain('by password');
});
