// Passkeys on pages: the options are in the page, and the authenticator's answer is a field of a form.
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { loggedIn, type Pair, type Person } from '../../support/people.ts';
import { addPasskey, newAuthenticator } from '../../support/soft-authenticator.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
type Someone = Person & Pair & Visitor;

const someone = async (): Promise<Someone> => {
  const person = await loggedIn(client);
  return { ...person, ...(await signIn(client, person)) };
};
const page = (path: string, { cookie }: Visitor) => client.get(path, { headers: { Cookie: cookie } });
const send = (path: string, form: Record<string, string>, visitor: Visitor) =>
  post(client, path, { ...form, form_token: visitor.formToken }, visitor.cookie);
const unescaped = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
const optionsIn = ({ text }: Answer) => JSON.parse(unescaped(/data-options="([^"]+)"/.exec(text)?.[1] ?? 'null'));
const alert = ({ text }: Answer) => /class="notice bad" role="alert">([^<]+)/.exec(text)?.[1];
const location = ({ headers }: Answer) => headers.get('Location');

describe('a passkey', () => {
  it('is added in the page, named, used to sign in, renamed and removed', async () => {
    const person = await someone();
    const authenticator = newAuthenticator();
    const credential = await authenticator.create(optionsIn(await page('/id/passkeys', person)));
    const form = { credential: JSON.stringify(credential), name: 'My phone' };
    expect(location(await send('/id/passkeys', form, person))).toBe('/id/passkeys?done=added');
    expect((await page('/id', person)).text).toContain('My phone');

    const options = optionsIn(await client.get('/id/sign-in'));
    expect(options.allowCredentials).toEqual([]);
    const assertion = JSON.stringify(await authenticator.get(options));
    const signedIn = await post(client, '/id/sign-in/passkey', { credential: assertion, next: '/id/apps' });
    expect({ status: signedIn.status, location: location(signedIn) }).toEqual({ status: 303, location: '/id/apps' });
    expect(signedIn.headers.get('Set-Cookie')).toContain('SameSite=Lax');
    const again = await post(client, '/id/sign-in/passkey', { credential: assertion });
    expect(alert(again)).toContain('This passkey did not work');
    expect(again.headers.get('Set-Cookie')).toBeNull();

    const list = await page('/id/passkeys', person);
    const path = /href="(\/id\/passkeys\/[0-9a-f-]{36})"/.exec(list.text)?.[1] ?? '';
    expect(alert(await send(path, { name: ' ' }, person))).toContain('The name must be');
    expect(location(await send(path, { name: 'Old phone' }, person))).toBe('/id/passkeys?done=renamed');
    expect((await page(`${path}/remove`, person)).text).toContain('Remove Old phone?');
    expect(location(await send(`${path}/remove`, {}, person))).toBe('/id/passkeys?done=removed');
    expect((await page('/id/passkeys', person)).text).toContain('You have no passkey yet');
  });

  it('of somebody else is not found', async () => {
    const [owner, stranger] = [await someone(), await someone()];
    const { id } = await addPasskey(client, owner.access_token);
    for (const path of [`/id/passkeys/${id}`, `/id/passkeys/${id}/remove`, '/id/passkeys/x']) {
      expect((await page(path, stranger)).status).toBe(404);
      expect((await send(path, { name: 'Mine' }, stranger)).status).toBe(404);
    }
    expect((await page('/id', owner)).text).toContain('Phone');
  });

  it('that is the last way to sign in stays', async () => {
    const owner = await someone();
    const { id } = await addPasskey(client, owner.access_token);
    await client.env.DB.prepare('DELETE FROM password_credentials WHERE account_id = ?').bind(owner.id).run();
    const answer = await send(`/id/passkeys/${id}/remove`, {}, owner);
    expect(alert(answer)).toContain('This is the last way to sign in');
  });

  it('is not added with another session’s options, or without options', async () => {
    const [person, other] = [await someone(), await someone()];
    const foreign = await newAuthenticator().create(optionsIn(await page('/id/passkeys', other)));
    for (const credential of [JSON.stringify(foreign), '', '{}', 'null', '[', '"x"']) {
      const answer = await send('/id/passkeys', { credential }, person);
      expect(alert(answer)).toContain('The passkey was not added');
    }
    expect((await page('/id/passkeys', person)).text).toContain('You have no passkey yet');
  });

  it('proves two factors, and makes credentials recent by itself', async () => {
    const person = await someone();
    const { authenticator } = await addPasskey(client, person.access_token);
    client.clock.advance(10 * 60 * 1000 + 1);
    expect((await page('/id/passkeys', person)).text).not.toContain('data-passkey');
    const options = optionsIn(await page('/id/reauthenticate', person));
    expect(options.allowCredentials).toHaveLength(1);
    const wrong = await send('/id/reauthenticate', { credential: '{}' }, person);
    expect(alert(wrong)).toContain('This passkey did not work');
    const credential = JSON.stringify(await authenticator.get(options));
    expect(location(await send('/id/reauthenticate', { credential, next: '/id/passkeys' }, person))).toBe(
      '/id/passkeys',
    );
    expect((await page('/id/passkeys', person)).text).toContain('data-passkey="create"');
  });
});

describe('the form of a sign-in with a passkey', () => {
  it.each(['', '{}', 'null', '[]', 'x', '{"id":1}'])('is refused with %j for a credential', async (credential) => {
    const answer = await post(client, '/id/sign-in/passkey', { credential });
    expect(alert(answer)).toContain('This passkey did not work');
    expect(answer.headers.get('Set-Cookie')).toBeNull();
  });

  it('is refused from another site', async () => {
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
    expect((await client.send('POST', '/id/sign-in/passkey', { form: { credential: '{}' }, headers })).status).toBe(
      403,
    );
  });
});
