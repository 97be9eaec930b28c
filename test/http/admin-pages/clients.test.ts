// The pages of clients and of others' factors, which do the same as the APIs.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { admin, loggedIn, type Pair, type Person } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { addPasskey } from '../../support/soft-authenticator.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
let person: Person & Pair;
let visitor: Visitor;

beforeAll(async () => {
  person = await admin(client);
  visitor = await signIn(client, person);
});

const page = (path: string) => client.get(path, { headers: { Cookie: visitor.cookie } });
const send = (path: string, form: Record<string, string> = {}) =>
  post(client, path, { ...form, form_token: visitor.formToken }, visitor.cookie);
const field = (name: string, { text }: Answer) => new RegExp(`<dt>${name}</dt><dd><code>([^<]+)`).exec(text)?.[1] ?? '';
const read = async (id: string) => (await client.get(`/api/admin/clients/${id}`, { token: person.access_token })).body;

const album = {
  name: 'Photo Album',
  kind: 'confidential',
  redirect_uris: 'https://album.example/callback\nhttps://album.example/other',
  'scope.openid': 'on',
  'scope.email': 'on',
};

describe('a client', () => {
  it('is registered, and its secret shown once; it is listed, changed and deleted', async () => {
    const made = await send('/admin/clients/new', album);
    const [id, secret] = [field('client_id', made), field('client_secret', made)];
    expect(secret).toHaveLength(43);
    expect(await read(id)).toMatchObject({
      name: 'Photo Album',
      kind: 'confidential',
      redirect_uris: ['https://album.example/callback', 'https://album.example/other'],
      scopes: ['openid', 'email'],
      first_party: false,
    });
    expect((await page('/admin/clients')).text).toContain(`href="/admin/clients/${id}"`);
    expect((await page(`/admin/clients/${id}`)).text).not.toContain(secret);

    const { kind: _, ...change } = album;
    const changed = await send(`/admin/clients/${id}`, { ...change, name: 'Album', first_party: 'on' });
    expect(changed.headers.get('Location')).toBe(`/admin/clients/${id}?done=changed`);
    expect(await read(id)).toMatchObject({ name: 'Album', kind: 'confidential', first_party: true });

    expect((await page(`/admin/clients/${id}/secret`)).text).toContain('Replace the secret of Album?');
    const replaced = field('client_secret', await send(`/admin/clients/${id}/secret`));
    expect(replaced).toHaveLength(43);
    expect(replaced).not.toBe(secret);

    expect((await page(`/admin/clients/${id}/delete`)).text).toContain('Delete Album?');
    expect((await send(`/admin/clients/${id}/delete`)).headers.get('Location')).toBe('/admin/clients?done=deleted');
    expect((await page(`/admin/clients/${id}`)).status).toBe(404);
    expect((await send(`/admin/clients/${id}/delete`)).status).toBe(404);
  });

  it.each([
    ['no name', { ...album, name: ' ' }, 'The name must be'],
    ['a redirect without TLS', { ...album, redirect_uris: 'http://album.example/' }, '“http://album.example/” must'],
    [
      'a script for a redirect',
      { ...album, kind: 'public', redirect_uris: 'javascript:alert(1)' },
      '“javascript:alert(1)” must',
    ],
    [
      'the scope account, though it is not our own',
      { ...album, 'scope.account': 'on' },
      'Its scopes may include account',
    ],
    [
      'too many redirects',
      { ...album, redirect_uris: 'https://a.example/ '.repeat(21) },
      'Redirect addresses are too many.',
    ],
  ])('with %s is refused, and the input is shown again', async (_, form, message) => {
    const { status, text } = await send('/admin/clients/new', form);
    expect(status).toBe(200);
    expect(text).toContain(message);
    expect(text).toContain('Nothing was saved.');
    expect(text).toContain('name="scope.email" checked');
    expect(text).toContain(`<option value="${form.kind}" selected`);
  });

  it('that is public has no secret to replace', async () => {
    const id = field('client_id', await send('/admin/clients/new', { ...album, kind: 'public' }));
    expect((await page(`/admin/clients/${id}`)).text).not.toContain('Replace the secret');
    expect((await page(`/admin/clients/${id}/secret`)).status).toBe(409);
    expect((await send(`/admin/clients/${id}/secret`)).status).toBe(409);
  });

  it('is changed with recent credentials only, where the setting says so', async () => {
    client.clock.advance(10 * 60 * 1000 + 1);
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: 'true' });
    const answer = await send('/admin/clients/new', album);
    expect(answer.headers.get('Location')).toBe('/id/reauthenticate?next=%2Fadmin%2Fclients%2Fnew');
    await send('/id/reauthenticate', { password: person.password });
    expect(field('client_id', await send('/admin/clients/new', album))).not.toBe('');
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: null });
  });
});

describe("another's factors", () => {
  it('are removed after a question', async () => {
    const owner = await loggedIn(client);
    await addPasskey(client, owner.access_token);
    const path = `/admin/users/${owner.id}/remove-factors`;
    expect((await page(`/admin/users/${owner.id}`)).text).toContain(path);
    expect((await page(path)).text).toContain('Remove the second factors of');
    expect((await send(path)).headers.get('Location')).toBe(`/admin/users/${owner.id}?done=remove-factors`);
    expect((await page(`/admin/users/${owner.id}?done=remove-factors`)).text).toContain('no passkey any more');
    expect((await page(`/admin/users/${owner.id}`)).text).not.toContain(path);
  });
});

describe('an admin who must prove two factors', () => {
  it('is led to set one up, to prove it, and is let in then', async () => {
    const chief = await admin(client);
    const session = await signIn(client, chief);
    await configure(client, { ADMIN_SECOND_FACTOR_REQUIRED: 'true' });
    const open = () => client.get('/admin/settings', { headers: { Cookie: session.cookie } });
    const without = await open();
    expect(without.status).toBe(403);
    expect(without.text).toContain('Set up an authenticator app or a passkey first');
    expect(without.text).toContain('href="/id"');
    const { authenticator } = await addPasskey(client, (await client.post('/api/login', chief)).body.access_token);
    expect((await open()).headers.get('Location')).toBe('/id/reauthenticate?next=%2Fadmin%2Fsettings');
    const { text } = await client.get('/id/reauthenticate', { headers: { Cookie: session.cookie } });
    const options = JSON.parse(/data-options="([^"]+)"/.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? 'null');
    const credential = JSON.stringify(await authenticator.get(options));
    const form = { credential, next: '/admin/settings', form_token: session.formToken };
    expect((await post(client, '/id/reauthenticate', form, session.cookie)).status).toBe(303);
    expect((await open()).status).toBe(200);
    await configure(client, { ADMIN_SECOND_FACTOR_REQUIRED: null });
  });
});
