// Mails on the admin pages: resets, invitations, deletions, presets, and the outbox.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { mailsTo, newMailClient, runJobsFor, subjectsTo, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { admin, loggedIn, type Person, registered, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const MINUTE_MS = 60 * 1000;
const PASSWORD = 'a new secret';

const client = newMailClient({ RATE_LIMITS: 'off' });
let owner: Person;
let visitor: Visitor;
beforeAll(async () => {
  owner = await admin(client);
  visitor = await signIn(client, owner);
});

const show = async (path: string) => (await client.get(path, { headers: { Cookie: visitor.cookie } })).text;
const send = (path: string, form: Record<string, string> = {}, by = visitor) =>
  post(client, path, { ...form, form_token: by.formToken }, by.cookie);
const reset = (email: string) =>
  client.post('/api/password/reset', { token: tokenMailedTo(client, email), password: PASSWORD });
const logIn = (email: string) => client.post('/api/login', { email, password: PASSWORD });

describe('an account', () => {
  it('shows whether its email is verified', async () => {
    const { id, email } = await registered(client);
    expect(await show(`/admin/users/${id}`)).toContain('Not verified');
    await verify(client, email);
    expect(await show(`/admin/users/${id}`)).toContain('>Verified<');
  });

  it('is sent a link to set a password, within its limits', async () => {
    const { id, email } = await registered(client);
    const path = `/admin/users/${id}/send-reset`;
    expect(await show(path)).toContain('30 minutes');
    expect(mailsTo(client, email)).toHaveLength(1);
    expect((await send(path)).headers.get('Location')).toBe(`/admin/users/${id}?done=send-reset`);
    expect((await send(path)).text).toContain('Too many of these mails');
    expect((await reset(email)).status).toBe(204);
    expect((await logIn(email)).status).toBe(200);
    const event = client.env.DB.prepare(
      "SELECT actor_id FROM audit_events WHERE account_id = ? AND action LIKE '%ested'",
    );
    expect((await event.bind(id).all()).results).toEqual([{ actor_id: owner.id }]);
  });

  it('without an email is sent none', async () => {
    const { username, password } = stranger();
    await client.post('/user', { username, password });
    const row = client.env.DB.prepare('SELECT id FROM accounts WHERE username = ?').bind(username);
    expect((await send(`/admin/users/${await row.first('id')}/send-reset`)).text).toContain('The account has no email');
  });

  it('is deleted, and its address is notified', async () => {
    const { id, email, access_token: token } = await loggedIn(client);
    expect((await send(`/admin/users/${id}/delete`)).headers.get('Location')).toBe('/admin/users?done=delete');
    expect(await show('/admin/users?done=delete')).toContain('The account was deleted.');
    expect((await client.get('/api/me', { token })).status).toBe(401);
    expect(subjectsTo(client, email)[0]).toBe('Your account at Latchkey was deleted');
    expect((await send(`/admin/users/${id}/delete`)).status).toBe(404);
  });

  it('that is the last admin is not deleted', async () => {
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id <> ?").bind(owner.id).run();
    expect((await send(`/admin/users/${owner.id}/delete`)).text).toContain('This is the last active admin');
    expect(subjectsTo(client, owner.email)).toHaveLength(1);
  });

  it('that deletes itself is notified', async () => {
    const { email, access_token: token } = await loggedIn(client);
    expect((await client.delete('/api/me', { token })).status).toBe(204);
    expect(subjectsTo(client, email)[0]).toBe('Your account at Latchkey was deleted');
  });
});

describe('an invitation', () => {
  it('makes an account without a password, whose mail sets one, even where sign-up is closed', async () => {
    const { email } = stranger();
    await configure(client, { REGISTRATION_OPEN: 'false' });
    const invited = await send('/admin/users/invite', { email });
    await configure(client, { REGISTRATION_OPEN: null });
    expect(invited.headers.get('Location')).toMatch(/^\/admin\/users\/\d+\?done=invite$/);
    expect((await logIn(email)).status).toBe(401);
    client.clock.advance(6 * 24 * 60 * MINUTE_MS);
    expect(subjectsTo(client, email)).toEqual(['Your account at Latchkey']);
    expect((await reset(email)).status).toBe(204);
    const { access_token: token } = (await logIn(email)).body;
    expect((await client.get('/account', { token })).body).toMatchObject({ email, email_verified: true, role: 'user' });
    visitor = await signIn(client, owner);
  });

  it('is refused for an invalid email, and for a taken one', async () => {
    const { email } = await registered(client);
    expect((await send('/admin/users/invite', { email: 'nobody' })).text).toContain('This is not an email address.');
    expect((await send('/admin/users/invite', { email })).text).toContain('An account has this email already.');
    expect(mailsTo(client, email)).toHaveLength(1);
  });

  it('is refused to an admin who was demoted a moment ago', async () => {
    const former = await admin(client);
    const by = await signIn(client, former);
    await client.env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    const { email } = stranger();
    expect((await send('/admin/users/invite', { email }, by)).status).toBe(403);
    expect(await client.env.DB.prepare('SELECT id FROM accounts WHERE email = ?').bind(email).first()).toBeNull();
  });
});

describe('everybody’s sessions', () => {
  it('end but the admin’s own, once the word is typed', async () => {
    const [one, two] = [await loggedIn(client), await loggedIn(client)];
    const path = '/admin/users/end-everybody';
    expect((await send(path, { word: 'yes' })).text).toContain('Nothing was done');
    const { body: pair } = await client.post('/api/refresh', { refresh_token: one.refresh_token });
    expect((await send(path, { word: 'everybody' })).headers.get('Location')).toBe('/admin/users?done=everybody');
    for (const { refresh_token } of [pair, two])
      expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect(await show('/admin/users?done=everybody')).toContain('Every session but yours has ended.');
    expect((await logIn(one.email)).status).toBe(401);
    expect((await client.post('/api/login', one)).status).toBe(200);
    expect((await send(path, { word: 'everybody' })).status).toBe(303);
  });
});

describe('the outbox', () => {
  it('shows waiting mails and why they failed, and tries one again', async () => {
    client.before = () => {
      throw Object.assign(new Error('x'), { code: 'E_RATE_LIMIT_EXCEEDED' });
    };
    const { email } = await registered(client);
    const page = await show('/admin/mails');
    expect(page).toContain(email);
    expect(page).toContain('E_RATE_LIMIT_EXCEEDED');
    expect(page).not.toContain('token=');
    client.before = () => {};
    const mail = /name="mail" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await send('/admin/mails/retry', { mail })).status).toBe(303);
    expect(mailsTo(client, email)).toHaveLength(1);
    await verify(client, email);
    expect(await show('/admin/mails')).not.toContain(email);
    expect((await send('/admin/mails/retry', { mail })).status).toBe(303);
  });

  it('tries a given-up mail again', async () => {
    client.before = () => {
      throw Object.assign(new Error('x'), { code: 'E_RECIPIENT_SUPPRESSED' });
    };
    const { email } = await registered(client);
    client.before = () => {};
    await runJobsFor(client, 5);
    expect(mailsTo(client, email)).toHaveLength(0);
    const [, page = ''] = (await show('/admin/mails')).split('Given up in the last week');
    const mail = /name="mail" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await send('/admin/mails/retry', { mail });
    expect(mailsTo(client, email)).toHaveLength(1);
  });
});

describe('a preset', () => {
  it('shows its changes without making them, and is applied', async () => {
    await configure(client, { PASSWORD_MIN_LENGTH: '10' });
    const page = await show('/admin/settings/presets/compatible');
    expect(page).toContain('Password min length');
    expect(page).toContain('10 characters → <strong>6 characters</strong>');
    expect(await env.CONFIG.get('PASSWORD_MIN_LENGTH')).toBe('10');
    expect((await send('/admin/settings/presets/compatible')).status).toBe(303);
    expect(await env.CONFIG.get('PASSWORD_MIN_LENGTH')).toBeNull();
    expect(await show('/admin/settings')).toMatch(/>compatible<\/a>: [^;]*; in force/);
  });

  it('that would lock its admin out, or needs mail, says so and changes nothing', async () => {
    expect((await send('/admin/settings/presets/recommended')).text).toContain('lock yourself out');
    const mute = newClient();
    const by = await signIn(mute, owner);
    const answer = await post(mute, '/admin/settings/presets/recommended', { form_token: by.formToken }, by.cookie);
    expect(answer.text).toContain('needs mail');
    expect((await client.env.CONFIG.list()).keys).toEqual([]);
    expect((await send('/admin/settings/presets/other')).status).toBe(404);
  });
});
