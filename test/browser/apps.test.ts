// Apps that sign people in by OAuth: the example in examples/, a page whose server verifies the token by the published
// keys, and a Flask app with Authlib.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { freePort } from '../node/support/free-port.ts';
import { ADMIN, going, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';
import { describeWithFlask, type FlaskApp, startedFlaskApp } from './support/flask-app.ts';
import { type Front, openFront } from './support/front.ts';
import { look, looksAt, openFor } from './support/look.ts';

async function startedExample(latchkey: string, port: number): Promise<ChildProcess> {
  const { email: EMAIL, password: PASSWORD } = ADMIN;
  const child = spawn(process.execPath, [`${root}examples/server.js`], {
    env: { ...process.env, LATCHKEY: latchkey, PORT: String(port), EMAIL, PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the example has no stdout');
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

const person = { email: 'grace@example.com', username: 'Grace', password: 'a nanosecond of wire' };

async function signIn(page: Page): Promise<void> {
  await page.locator('#name').fill(person.email);
  await page.locator('#password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

describeInChromium('apps', (browser) => {
  let front: Front;
  let site: Site;
  let graceId: number;
  beforeAll(async () => {
    front = await openFront();
    site = await startedSite({ ISSUER: front.origin });
    front.passTo(site.origin);
    graceId = await site.register(person);
  });
  afterAll(async () => {
    front?.close();
    await site?.stop();
  });

  describe('the example', () => {
    let example: ChildProcess;
    let app: string;
    beforeAll(async () => {
      const port = await freePort();
      app = `http://localhost:${port}/`;
      example = await startedExample(front.origin, port);
    });
    afterAll(() => {
      example?.kill();
    });

    it('signs a user in, reads their data and signs them out', async () => {
      const page = await openPage(browser());
      await page.goto(app);
      await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
      await signIn(page);
      await page.getByRole('heading', { name: 'Sign in to Notes?' }).waitFor();
      await page.getByRole('button', { name: 'Allow', exact: true }).click();
      await page.getByText('You are Grace.').waitFor();
      await page.getByRole('button', { name: 'Read my notes' }).click();
      await page.getByText('Bread').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are not signed in.').waitFor();
      await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
      await page.locator('#password').waitFor();
      expect(new URL(page.url()).origin).toBe(front.origin);
    });

    it.each(looksAt(1280, 320, 768))(
      'is confirmed and disconnected on pages that look right, $width wide, $scheme',
      async (how) => {
        const page = await openFor(browser(), how);
        const see = (name: string) => look(page, `app-${name}`, how);
        const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
        await page.goto(app);
        await press('Sign in with Latchkey');
        await page.getByText('To go on to Notes.').waitFor();
        await see('sign-in');
        await signIn(page);
        await page.getByRole('heading', { name: 'Sign in to Notes?' }).waitFor();
        expect(await page.locator('main').innerText()).toContain(new URL(app).host);
        await see('consent');
        await press('Allow');
        await page.getByText('You are Grace.').waitFor();
        await page.goto(`${front.origin}/oauth/end-session`);
        await see('sign-out');
        await page.goto(`${front.origin}/oauth/authorize?client_id=nobody`);
        expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This link does not work');
        await see('unknown');
        await page.goto(`${front.origin}/id/apps`);
        await see('connected');
        await going(page, () => page.getByRole('button', { name: 'Disconnect Notes' }).click());
        expect(await page.getByRole('status').innerText()).toContain('The app was disconnected');
        await see('disconnected');
        await page.context().close();
      },
    );

    it('handles a refused consent, and rejects a token of another service', async () => {
      const page = await openPage(browser());
      await page.goto(app);
      await page.getByRole('button', { name: 'Sign in with Latchkey' }).click();
      await signIn(page);
      await page.getByRole('button', { name: 'Do not allow' }).click();
      await page.getByText('The sign-in failed: access_denied').waitFor();
      const { access_token: own } = await site.logIn(person);
      for (const [token, status] of [
        ['', 401],
        ['x.y.z', 401],
        [own, 403],
      ] as const)
        expect((await fetch(`${app}notes`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(status);
    });
  });

  describeWithFlask('a Flask app with Authlib', () => {
    let app: FlaskApp;
    beforeAll(async () => {
      const { access_token: token } = await site.logIn(ADMIN);
      const json = {
        name: 'Flask',
        kind: 'confidential',
        redirect_uris: ['http://127.0.0.1/callback'],
        scopes: ['openid', 'profile', 'email', 'offline_access'],
      };
      const { id, client_secret: secret } = (await site.call('/api/admin/clients', { token, json })).body;
      app = await startedFlaskApp({ issuer: front.origin, id, secret });
    });
    afterAll(() => app?.stop());

    it('signs a user in by discovery, verifies tokens, reads userinfo and refreshes', async () => {
      const page = await openPage(browser());
      const shown = async () => JSON.parse(await page.locator('body').innerText());
      await page.goto(app.origin);
      await signIn(page);
      await going(page, () => page.getByRole('button', { name: 'Allow', exact: true }).click());
      const sub = String(graceId);
      expect(await shown()).toMatchObject({
        claims: { iss: front.origin, sub, nonce: expect.stringMatching(/./), amr: ['pwd'] },
        userinfo: { sub, preferred_username: person.username, email: person.email, email_verified: false },
      });

      await page.goto(`${app.origin}/token`);
      const { refresh_token: spent } = await shown();
      const refresh = async (refreshToken: string) => {
        await page.goto(`${app.origin}/refresh?token=${refreshToken}`);
        return shown();
      };
      const { refresh_token: next, verified } = await refresh(spent);
      expect(verified).toMatchObject({ iss: front.origin, aud: front.origin, sub, scope: expect.any(String) });
      expect(await refresh(spent)).toEqual({ error: 'invalid_grant' });
      expect(await refresh(next)).toEqual({ error: 'invalid_grant' });
    });

    it('accepts neither an ID token nor a forged token as an access token', async () => {
      const { access_token: own } = await site.logIn(person);
      const verified = async (token: string) =>
        (await fetch(`${app.origin}/verify`, { method: 'POST', body: token })).json();
      expect(await verified(own)).toMatchObject({ sub: String(graceId), client_id: 'latchkey' });
      const [head = '', payload = ''] = own.split('.');
      expect(await verified(`${head}.${payload}.${'A'.repeat(86)}`)).toEqual({ error: 'InvalidSignatureError' });
      const page = await openPage(browser());
      await page.goto(app.origin);
      await signIn(page);
      await page.waitForURL(`${app.origin}/**`);
      await page.goto(`${app.origin}/token`);
      const { id_token: idToken } = JSON.parse(await page.locator('body').innerText());
      expect(await verified(idToken)).toEqual({ error: 'InvalidTokenError' });
    });
  });
});
