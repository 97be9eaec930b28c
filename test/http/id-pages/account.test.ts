// The visitor's account on pages, as a browser without a script sees it: the effect and the refusals of each form.
import { beforeEach, describe, expect, it } from 'vitest';
import { enrolled } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { codeAt } from '../../support/codes.ts';
import { mailsTo, newMailClient } from '../../support/mailbox.ts';
import { admin, logIn, registered } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
type Someone = Awaited<ReturnType<typeof registered>> & Visitor;

let person: Someone;
const someone = async (): Promise<Someone> => {
  const made = await registered(client);
  return { ...made, ...(await signIn(client, made)) };
};
beforeEach(async () => {
  person = await someone();
});

const page = (path: string, { cookie }: Visitor = person) => client.get(path, { headers: { Cookie: cookie } });
const send = (path: string, form: Record<string, string> = {}, visitor: Visitor = person) =>
  post(client, path, { ...form, form_token: visitor.formToken }, visitor.cookie);
const alert = ({ text }: Answer) => /role="alert">([^<]+)/.exec(text)?.[1];
const told = ({ text }: Answer) => /role="status">([^<]+)/.exec(text)?.[1];
const went = ({ status, headers }: Answer) => ({ status, location: headers.get('Location') });
const to = (location: string) => ({ status: 303, location });
const hasSession = async (token: string) =>
  (await client.post('/api/refresh', { refresh_token: token })).status === 200;

const PAGES = [
  '/id',
  '/id/profile',
  '/id/password',
  '/id/sessions',
  '/id/authenticator',
  '/id/authenticator/remove',
  '/id/passkeys',
  '/id/apps',
  '/id/export',
  '/id/delete',
  '/id/reauthenticate',
];

describe('every page', () => {
  it.each(PAGES)('%s is for signed-in visitors, and others sign in and come back', async (path) => {
    expect((await page(path)).status).toBe(200);
    expect(went(await client.get(path))).toEqual(to(`/id/sign-in?next=${encodeURIComponent(path)}`));
  });

  it('escapes markup that somebody put into a name', async () => {
    await send('/id/profile', { email: person.email, username: '<b>"bold"&' });
    const { text } = await page('/id');
    expect(text).toContain('&lt;b&gt;&quot;bold&quot;&amp;');
    expect(text).not.toContain('<b>"bold"');
  });
});

describe('recent credentials', () => {
  const LATE_MS = 10 * 60 * 1000 + 1;

  it.each([
    ['/id/authenticator', {}],
    ['/id/authenticator/remove', {}],
    ['/id/recovery-codes', {}],
    ['/id/export', {}],
    [`/id/passkeys/${crypto.randomUUID()}/remove`, {}],
  ])('are asked for by %s, which does nothing without them', async (path, form) => {
    client.clock.advance(LATE_MS);
    expect(went(await send(path, form))).toEqual(to(`/id/reauthenticate?next=${encodeURIComponent(path)}`));
  });

  it.each([
    ['/id/profile', { email: 'other@example.com', username: 'other' }],
    ['/id/sessions', { end: 'others' }],
    ['/id/delete', {}],
  ])('are asked for by %s where the setting says so', async (path, form) => {
    client.clock.advance(LATE_MS);
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: 'true' });
    expect(went(await send(path, form))).toEqual(to(`/id/reauthenticate?next=${encodeURIComponent(path)}`));
    await configure(client, { REAUTHENTICATE_FOR_CHANGES: null });
    expect((await page('/id')).text).toContain(person.email);
  });

  it('come with the password again, and the page goes on', async () => {
    client.clock.advance(LATE_MS);
    expect((await page('/id/passkeys')).text).toContain('href="/id/reauthenticate?next=%2Fid%2Fpasskeys"');
    const wrong = await send('/id/reauthenticate', { password: 'not it', next: '/id/passkeys' });
    expect(alert(wrong)).toBe('This is not your password.');
    expect(wrong.text).toContain('name="next" value="/id/passkeys"');
    const right = await send('/id/reauthenticate', { password: person.password, next: '/id/passkeys' });
    expect(went(right)).toEqual(to('/id/passkeys'));
    expect((await page('/id/passkeys')).text).toContain('data-passkey="create"');
  });

  it('come with a code as well where there is an app', async () => {
    const owner = await enrolled(client);
    const pending = await post(client, '/id/sign-in', { name: owner.email, password: owner.password });
    const proof = /name="pending" value="([^"]+)"/.exec(pending.text)?.[1] ?? '';
    const answer = await post(client, '/id/second-factor', { pending: proof, otp: owner.codes[0] ?? '' });
    const cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    const formToken = /name="form_token" value="(\w+)"/.exec((await page('/id', { cookie, formToken: '' })).text)?.[1];
    const visitor = { cookie, formToken: formToken ?? '' };
    const { password } = owner;
    expect((await page('/id/reauthenticate', visitor)).text).toContain('name="otp"');
    expect(alert(await send('/id/reauthenticate', { password }, visitor))).toContain('Enter a code');
    expect(alert(await send('/id/reauthenticate', { password, otp: owner.wrongCode() }, visitor))).toContain('wrong');
    expect(went(await send('/id/reauthenticate', { password, otp: owner.nextCode() }, visitor))).toEqual(to('/id'));
  });

  it('lead nowhere but to our pages', async () => {
    const answer = await send('/id/reauthenticate', { password: person.password, next: 'https://evil.example/id' });
    expect(went(answer)).toEqual(to('/id'));
  });

  it('are locked after ten wrong passwords', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await send('/id/reauthenticate', { password: 'not it' });
    const answer = await send('/id/reauthenticate', { password: person.password });
    expect({ status: answer.status, retryAfter: answer.headers.get('Retry-After') }).toEqual({
      status: 429,
      retryAfter: '60',
    });
  });
});

describe('the profile', () => {
  it('takes a new email and username, and asks to confirm the email where there is mail', async () => {
    const email = `new-${person.email}`;
    expect(went(await send('/id/profile', { email, username: 'Ada King' }))).toEqual(to('/id?done=profile'));
    const { text } = await page('/id?done=profile');
    expect(text).toContain(email);
    expect(text).toContain('Ada King');
    expect(text).toContain('not confirmed');
  });

  it('refuses a taken name, an invalid email and no name, and says which', async () => {
    const other = await registered(client);
    const { email, username } = person;
    const of = async (form: Record<string, string>) => alert(await send('/id/profile', form));
    expect(await of({ email: other.email, username })).toBe('Another account has this email.');
    expect(await of({ email, username: other.username })).toContain('Somebody has this username');
    expect(await of({ email: 'x', username })).toContain('The email must be');
    expect(await of({ email, username: 'a/b' })).toContain('The username must be');
    expect(await of({ email: '', username: '' })).toContain('keep one of them');
    expect((await page('/id')).text).toContain(email);
  });

  it('sends the mail that confirms an email again, once a minute', async () => {
    const mail = newMailClient({ RATE_LIMITS: 'off' });
    const ada = await registered(mail);
    const visitor = await signIn(mail, ada);
    const ask = () => post(mail, '/id/verification', { form_token: visitor.formToken }, visitor.cookie);
    expect(went(await ask())).toEqual(to('/id?done=verification'));
    expect(mailsTo(mail, ada.email).map(({ subject }) => subject)).toHaveLength(2);
    expect((await ask()).status).toBe(429);
  });
});

describe('the password', () => {
  it('is changed with the current one, and every other session ends', async () => {
    const [pair, before] = [await logIn(client, person), await signIn(client, person)];
    const answer = await send('/id/password', { current_password: person.password, new_password: 'a newer secret' });
    expect(went(answer)).toEqual(to('/id?done=password'));
    expect(told(await page('/id?done=password'))).toContain('Your password was changed');
    expect(await hasSession(pair.refresh_token)).toBe(false);
    expect((await page('/id', before)).status).toBe(303);
    expect((await logIn(client, { ...person, password: 'a newer secret' })).access_token).toBeTruthy();
  });

  it('stays where the current one is wrong, or the new one too short or too long', async () => {
    const { password } = person;
    const of = async (current: string, next: string) =>
      alert(await send('/id/password', { current_password: current, new_password: next }));
    expect(await of('not it', 'a newer secret')).toBe('This is not your current password.');
    expect(await of(password, 'short')).toContain('at least 6 characters');
    expect(await of(password, 'x'.repeat(257))).toContain('at most 256');
    expect((await logIn(client, person)).access_token).toBeTruthy();
  });
});

describe('sessions', () => {
  it('are listed with the current one, and end one by one or all but the current one', async () => {
    const [first, second] = [await logIn(client, person), await logIn(client, person)];
    const { text } = await page('/id/sessions');
    const others = [...text.matchAll(/name="end" value="([0-9a-f-]{36})"/g)].map(([, id = '']) => id);
    expect(others).toHaveLength(2);
    expect(text).toContain('This one');
    expect(went(await send('/id/sessions', { end: others[0] ?? '' }))).toEqual(to('/id/sessions?done=one'));
    const alive = async () =>
      (await Promise.all([first, second].map(({ refresh_token }) => hasSession(refresh_token)))).filter(Boolean).length;
    expect(await alive()).toBe(1);
    expect(went(await send('/id/sessions', { end: 'others' }))).toEqual(to('/id/sessions?done=others'));
    expect(await alive()).toBe(0);
    expect((await page('/id')).status).toBe(200);
  });

  it("of others are not found, and neither is what is no session's id", async () => {
    const other = await someone();
    const id = /name="end" value="([0-9a-f-]{36})"/;
    await logIn(client, other);
    const theirs = id.exec((await page('/id/sessions', other)).text)?.[1] ?? '';
    for (const end of [theirs, crypto.randomUUID(), 'x', ''])
      expect({ end, status: (await send('/id/sessions', { end })).status }).toEqual({ end, status: 404 });
    expect((await page('/id/sessions', other)).text).toContain(theirs);
  });
});

describe('the authenticator app', () => {
  const secretIn = ({ text }: Answer) => /Key: <code>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';

  it('is set up by its key and a first code, and gives ten recovery codes', async () => {
    const setup = await send('/id/authenticator');
    expect(setup.text).toContain('<svg');
    const secret = secretIn(setup);
    const otp = codeAt(secret, client.clock());
    const wrong = await send('/id/authenticator/confirm', { otp: otp === '123456' ? '654321' : '123456' });
    expect(alert(wrong)).toContain('The code is wrong');
    const done = await send('/id/authenticator/confirm', { otp });
    expect(done.text.match(/<code>[a-z2-7-]{19}<\/code>/g)).toHaveLength(10);
    expect((await page('/id')).text).toContain('10 are left');
    expect(alert(await send('/id/authenticator/confirm', { otp }))).toContain('Start again');
    expect(went(await send('/id/authenticator'))).toEqual(to('/id/authenticator'));
  });

  it('is removed after a question, with its codes', async () => {
    const setup = await send('/id/authenticator');
    await send('/id/authenticator/confirm', { otp: codeAt(secretIn(setup), client.clock()) });
    const remade = await send('/id/recovery-codes');
    expect(remade.text.match(/<code>[a-z2-7-]{19}<\/code>/g)).toHaveLength(10);
    expect((await page('/id/authenticator/remove')).text).toContain('Remove the authenticator app?');
    expect((await page('/id/recovery-codes')).text).toContain('10 are left');
    expect(went(await send('/id/authenticator/remove'))).toEqual(to('/id?done=authenticator'));
    expect((await send('/id/authenticator/remove')).status).toBe(404);
    expect(went(await page('/id/recovery-codes'))).toEqual(to('/id/authenticator'));
    expect((await send('/id/recovery-codes')).status).toBe(404);
  });
});

describe('the export', () => {
  it('is a file of everything stored of the account, and of no other', async () => {
    const answer = await send('/id/export');
    expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="account.json"');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const document = JSON.parse(answer.text);
    expect(document.account.email).toBe(person.email);
    expect(document.sessions).toHaveLength(1);
  });
});

describe('deletion', () => {
  it('asks first, and then deletes the account', async () => {
    const pair = await logIn(client, person);
    expect((await page('/id/delete')).text).toContain('Delete your account?');
    const answer = await send('/id/delete');
    expect(answer.text).toContain('Your account was deleted');
    expect(answer.headers.get('Set-Cookie')).toMatch(/^latchkey=; Max-Age=0/);
    expect((await page('/id')).status).toBe(303);
    expect(await hasSession(pair.refresh_token)).toBe(false);
    expect((await client.post('/api/login', person)).status).toBe(401);
  });

  it('is refused to the last admin', async () => {
    await client.env.DB.prepare("UPDATE accounts SET role = 'user'").run();
    const last = await admin(client);
    const visitor = await signIn(client, last);
    expect(alert(await send('/id/delete', {}, visitor))).toContain('You are the last administrator');
    expect((await page('/id', visitor)).status).toBe(200);
  });
});

const FORMS: readonly (readonly [string, Record<string, string>])[] = [
  ['/id/profile', { email: 'thief@example.com', username: 'thief' }],
  ['/id/verification', {}],
  ['/id/password', { current_password: 'x', new_password: 'a newer secret' }],
  ['/id/sessions', { end: 'others' }],
  ['/id/authenticator', {}],
  ['/id/authenticator/confirm', { otp: '123456' }],
  ['/id/authenticator/remove', {}],
  ['/id/recovery-codes', {}],
  ['/id/passkeys', { credential: '{}' }],
  [`/id/passkeys/${crypto.randomUUID()}`, { name: 'x' }],
  [`/id/passkeys/${crypto.randomUUID()}/remove`, {}],
  ['/id/apps', { client: crypto.randomUUID() }],
  ['/id/export', {}],
  ['/id/delete', {}],
  ['/id/reauthenticate', { password: 'x' }],
];

describe.each(FORMS)('the form of %s', (path, fields) => {
  it('does nothing from another site', async () => {
    const headers: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'null' },
      { Origin: 'https://evil.example' },
      {},
    ];
    for (const foreign of headers) {
      const { status } = await client.send('POST', path, {
        form: { ...fields, form_token: person.formToken },
        headers: { Cookie: person.cookie, ...foreign },
      });
      expect(status).toBe(403);
    }
    expect((await page('/id')).text).toContain(person.email);
  });

  it("does nothing without its own session's token, and sends a signed-out visitor to sign in", async () => {
    const other = await someone();
    for (const formToken of ['', 'x', other.formToken])
      expect((await post(client, path, { ...fields, form_token: formToken }, person.cookie)).status).toBe(403);
    expect(went(await post(client, path, { ...fields, form_token: person.formToken }))).toEqual(
      to(`/id/sign-in?next=${encodeURIComponent(path)}`),
    );
    expect((await page('/id')).text).toContain(person.email);
  });
});
