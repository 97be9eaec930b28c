// Signing in on pages as a browser without a script sees it: who is let in, the second page, and where it leads.
import { createExecutionContext } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { enrolled } from '../../support/authenticator-app.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { cheapHashing } from '../../support/hashing.ts';
import { loggedIn, type Pair, type Person, registered, stranger } from '../../support/people.ts';
import { post, signIn, type Visitor } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
let person: Person & Pair;
let visitor: Visitor;

beforeAll(async () => {
  person = await loggedIn(client);
  visitor = await signIn(client, person);
});

const alert = ({ text }: Answer) => /role="alert">([^<]*)/.exec(text)?.[1];
const pendingIn = ({ text }: Answer) => /name="pending" value="([^"]+)"/.exec(text)?.[1] ?? '';
const went = ({ status, headers }: Answer) => ({ status, location: headers.get('Location') });
const page = (path: string, { cookie }: Pick<Visitor, 'cookie'>) => client.get(path, { headers: { Cookie: cookie } });

describe('a password', () => {
  it('lets in by email and by username', async () => {
    for (const name of [person.email, person.username.toUpperCase()]) {
      const answer = await post(client, '/id/sign-in', { name, password: person.password });
      expect(went(answer)).toEqual({ status: 303, location: '/id' });
      const cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? '';
      expect((await page('/id', { cookie })).text).toContain(person.email);
    }
  });

  it('that is wrong is refused as an unknown name is', async () => {
    const wrong = await post(client, '/id/sign-in', { name: person.email, password: 'not it' });
    const unknown = await post(client, '/id/sign-in', { name: stranger().email, password: 'not it' });
    expect(alert(wrong)).toBe('No account has this name and password.');
    expect(alert(unknown)).toBe(alert(wrong));
    expect(wrong.headers.get('Set-Cookie')).toBeNull();
    expect(wrong.text).not.toContain('not it');
  });

  it('that is right does not let a deactivated account in', async () => {
    const former = await registered(client);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(former.id).run();
    const answer = await post(client, '/id/sign-in', { name: former.email, password: former.password });
    expect(alert(answer)).toBe('This account has been deactivated.');
    expect(answer.headers.get('Set-Cookie')).toBeNull();
  });

  it('is locked after ten wrong ones: 429 with Retry-After', async () => {
    const user = await registered(client);
    for (let attempt = 0; attempt < 10; attempt += 1)
      await post(client, '/id/sign-in', { name: user.username, password: 'not it' });
    const answer = await post(client, '/id/sign-in', { name: user.username, password: user.password });
    expect({ status: answer.status, retryAfter: answer.headers.get('Retry-After') }).toEqual({
      status: 429,
      retryAfter: '60',
    });
    expect(alert(answer)).toContain('Too many wrong passwords');
  });
});

describe('the page of the second factor', () => {
  const begin = async ({ email: name, password }: Pick<Person, 'email' | 'password'>, next = '') =>
    pendingIn(await post(client, '/id/sign-in', { name, password, next }));

  it('takes a code and goes on to the page that asked for the sign-in', async () => {
    const owner = await enrolled(client);
    const first = await post(client, '/id/sign-in', { name: owner.email, password: owner.password, next: '/admin' });
    expect(first.headers.get('Set-Cookie')).toBeNull();
    expect(first.text).toContain('name="next" value="/admin"');
    expect(first.text).not.toContain(owner.password);
    const answer = await post(client, '/id/second-factor', {
      pending: pendingIn(first),
      otp: owner.nextCode(),
      next: '/admin',
    });
    expect(went(answer)).toEqual({ status: 303, location: '/admin' });
    const cookie = answer.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    expect((await page('/id', { cookie })).text).toContain(owner.email);
  });

  it('shows the form again after a wrong code, and lets a right one in', async () => {
    const owner = await enrolled(client);
    const pending = await begin(owner);
    const wrong = await post(client, '/id/second-factor', { pending, otp: owner.wrongCode() });
    expect(alert(wrong)).toContain('The code is wrong');
    expect(pendingIn(wrong)).toBe(pending);
    const right = await post(client, '/id/second-factor', { pending, otp: owner.codes[0] ?? '' });
    expect(right.status).toBe(303);
  });

  it('counts wrong codes as every other login does', async () => {
    const owner = await enrolled(client);
    const pending = await begin(owner);
    for (let attempt = 0; attempt < 5; attempt += 1)
      await post(client, '/id/second-factor', { pending, otp: owner.wrongCode() });
    const answer = await post(client, '/id/second-factor', { pending, otp: owner.nextCode() });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
  });

  it('expires after five minutes, and once the password was changed', async () => {
    const [late, changed] = [await enrolled(client), await enrolled(client)];
    const pending = await begin(changed);
    const change = { current_password: changed.password, new_password: 'another secret' };
    expect((await client.post('/api/password', change, { token: changed.access_token })).status).toBe(204);
    const tooOld = await post(client, '/id/second-factor', { pending, otp: changed.nextCode() });
    expect(alert(tooOld)).toContain('Sign in again');
    const expired = await begin(late);
    client.clock.advance(5 * 60 * 1000);
    const answer = await post(client, '/id/second-factor', { pending: expired, otp: late.nextCode() });
    expect(alert(answer)).toContain('Sign in again');
    expect([tooOld, answer].map(({ headers }) => headers.get('Set-Cookie'))).toEqual([null, null]);
  });

  it('takes no forged or foreign proof of a password, and counts it as a wrong one', async () => {
    const [owner, thief] = [await enrolled(client), await enrolled(client)];
    const [claims = '', mac = ''] = (await begin(thief)).split('.');
    const name = btoa(JSON.stringify(['email', owner.email, client.clock() + 240_000])).replaceAll('=', '');
    const otp = owner.nextCode();
    const forgeries = ['', '.', 'x.y', `${name}.${mac}`, `${claims}.${mac.slice(2)}AA`, `${name}.`, `bnVsbA.${mac}`];
    for (const pending of forgeries) {
      const answer = await post(client, '/id/second-factor', { pending, otp });
      expect({ pending, status: answer.status, cookie: answer.headers.get('Set-Cookie') }).toEqual({
        pending,
        status: 200,
        cookie: null,
      });
      expect(alert(answer)).toContain('Sign in again');
    }
    for (let attempt = 0; attempt < 10; attempt += 1)
      await post(client, '/id/second-factor', { pending: `${name}.${mac}`, otp });
    expect((await post(client, '/id/sign-in', { name: owner.email, password: owner.password })).status).toBe(429);
  });

  it('begins at the sign-in page', async () => {
    expect(went(await client.get('/id/second-factor?next=/admin'))).toEqual({
      status: 303,
      location: '/id/sign-in?next=%2Fadmin',
    });
  });
});

describe('the page after a sign-in', () => {
  it.each([
    ['/admin/users?q=a', '/admin/users?q=a'],
    ['/oauth/authorize?client_id=1&redirect_uri=https%3A%2F%2Fapp.example', undefined],
    ['/id/sessions', undefined],
    ['', '/id'],
    ['https://evil.example/admin', '/id'],
    ['//evil.example/admin', '/id'],
    ['/\\evil.example/admin', '/id'],
    ['\\\\evil.example/id', '/id'],
    ['/\t/evil.example/id', '/id'],
    ['/.//evil.example/id', '/id'],
    ['/id/..//evil.example/id', '/id'],
    ['http://localhost@evil.example/id', '/id'],
    ['http://localhost:81/id', '/id'],
    ['https://localhost/id', '/id'],
    ['/admin/../docs', '/id'],
    ['/administrator', '/id'],
    ['/identity', '/id'],
    ['javascript:alert(1)', '/id'],
    ['data:text/html,x', '/id'],
    ['/id/sign-in', '/id'],
    ['/id/sign-out', '/id'],
    ['/id/second-factor', '/id'],
    ['/admin/sign-in', '/id'],
  ])('from %j leads to %s', async (next, location = next) => {
    const answer = await post(client, '/id/sign-in', { name: person.email, password: person.password, next });
    expect(went(answer)).toEqual({ status: 303, location });
    const signedIn = await page(`/id/sign-in?${new URLSearchParams({ next })}`, visitor);
    expect(went(signedIn)).toEqual({ status: 303, location });
  });

  it('asks a signed-in visitor to sign in again where the request says so', async () => {
    const { status, text } = await page('/id/sign-in?again=1&next=/oauth/authorize', visitor);
    expect(status).toBe(200);
    expect(text).toContain('name="next" value="/oauth/authorize"');
  });
});

describe('the cookie', () => {
  it('is HttpOnly, SameSite=Lax and short, and on https Secure with the __Host- prefix', async () => {
    const { headers } = await post(client, '/id/sign-in', { name: person.email, password: person.password });
    expect(headers.get('Set-Cookie')).toMatch(/^latchkey=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/);
    const secure = await createApp({ hashing: cheapHashing }).fetch(
      new Request('https://latchkey.example/id/sign-in', {
        method: 'POST',
        headers: { Origin: 'https://latchkey.example' },
        body: new URLSearchParams({ name: person.email, password: person.password }),
      }),
      client.env,
      createExecutionContext(),
    );
    expect(secure.headers.get('Set-Cookie')).toMatch(
      /^__Host-latchkey=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('is no bearer token, and a bearer token is no cookie', async () => {
    const [, value = ''] = visitor.cookie.split('=');
    for (const path of ['/api/me', '/account', '/auth/status', '/auth']) {
      const { status } = await client.send(path === '/auth' ? 'DELETE' : 'GET', path, { token: value });
      expect({ path, status }).toEqual({ path, status: 401 });
    }
    const { token } = (await client.post('/auth', { username: person.username, password: person.password })).body;
    for (const bearer of [person.access_token, token])
      expect((await page('/id', { cookie: `latchkey=${bearer}` })).status).toBe(303);
    expect((await client.get('/id', { token: value })).status).toBe(303);
  });

  it('stops when its session is ended anywhere, and at its expiry', async () => {
    const other = await signIn(client, person);
    expect((await page('/id', other)).status).toBe(200);
    await client.delete('/api/sessions', { token: (await client.post('/api/login', person)).body.access_token });
    expect((await page('/id', other)).status).toBe(303);
    const third = await signIn(client, person);
    client.clock.advance(8 * 60 * 60 * 1000);
    expect((await page('/id', third)).status).toBe(303);
    visitor = await signIn(client, person);
  });

  it('ends at a sign-out, on the server too', async () => {
    const leaving = await signIn(client, person);
    const answer = await post(client, '/id/sign-out', { form_token: leaving.formToken }, leaving.cookie);
    expect(went(answer)).toEqual({ status: 303, location: '/id/sign-in?done=signed-out' });
    expect(answer.headers.get('Set-Cookie')).toMatch(/^latchkey=; Max-Age=0; Path=\//);
    expect((await page('/id', leaving)).status).toBe(303);
  });

  it('ends at a new sign-in: no session is left that nobody can see', async () => {
    const [first, other] = [await signIn(client, person), await registered(client)];
    const { email: name, password } = other;
    expect((await post(client, '/id/sign-in', { name, password }, first.cookie)).status).toBe(303);
    expect((await page('/id', first)).status).toBe(303);
  });
});

describe('a form', () => {
  it.each([
    ['/id/sign-in', () => ({ name: person.email, password: person.password })],
    ['/id/second-factor', () => ({ pending: 'x', otp: '123456' })],
    ['/id/sign-out', () => ({ form_token: visitor.formToken })],
  ])('%s from another site does nothing', async (path, fields) => {
    const headers: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'null' },
      { Origin: 'https://evil.example' },
      {},
    ];
    for (const foreign of headers) {
      const answer = await client.send('POST', path, {
        form: fields(),
        headers: { Cookie: visitor.cookie, ...foreign },
      });
      expect({ status: answer.status, cookie: answer.headers.get('Set-Cookie') }).toEqual({
        status: 403,
        cookie: null,
      });
    }
    expect((await page('/id', visitor)).status).toBe(200);
  });

  it("without its own session's token does nothing", async () => {
    const other = await signIn(client, await registered(client));
    for (const formToken of ['', 'x', other.formToken])
      expect((await post(client, '/id/sign-out', { form_token: formToken }, visitor.cookie)).status).toBe(403);
    expect((await page('/id', visitor)).status).toBe(200);
  });
});

it('lets nothing inline run, and is never cached', async () => {
  for (const path of ['/id', '/id/sign-in?again=1', '/id/nowhere']) {
    const { headers, text } = await page(path, visitor);
    expect(headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri " +
        "'none'; frame-ancestors 'none'",
    );
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/[\w-]+\.js")|<style|\sstyle=|\son\w+=/);
  }
});
