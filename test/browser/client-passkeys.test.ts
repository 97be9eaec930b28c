// The client's passkeys in a real Chromium, on a page whose origin shares the issuer's host and is not the Worker's.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type * as LatchkeyClient from '../../client/src/index.ts';
import { type RunningWorker, startedWorker } from '../node/support/worker.ts';
import { describeInChromium } from './support/chromium.ts';
import { clientPages, type Pages } from './support/client-page.ts';
import { addVirtualAuthenticator } from './support/virtual-authenticator.ts';

const PASSWORD = 'correct horse';

describeInChromium('the client with passkeys', (browser) => {
  let pages: Pages;
  let worker: RunningWorker;

  beforeAll(async () => {
    pages = await clientPages();
    worker = await startedWorker({ CORS_ORIGINS: pages.origin, ISSUER: 'http://localhost:8787' });
  });
  afterAll(async () => {
    await worker?.stop();
    pages?.close();
  });

  /** A page where somebody is logged in and whose client offers passkeys of the given algorithm alone, if any. */
  async function openAs(email: string, algorithm?: number): Promise<Page> {
    const page = await (await browser().newContext()).newPage();
    await addVirtualAuthenticator(page);
    await page.goto(pages.origin);
    await page.waitForFunction('globalThis.latchkeyClient');
    const status = await page.evaluate(
      async ({ baseUrl, credentials, alg }) => {
        const fetch = async (request: Request): Promise<Response> => {
          const answer = await globalThis.fetch(request);
          if (alg === undefined || !request.url.endsWith('/api/passkeys/options')) return answer;
          const options = (await answer.json()) as object;
          return Response.json({ ...options, pubKeyCredParams: [{ type: 'public-key', alg }] });
        };
        const latchkey = globalThis.latchkeyClient.createLatchkey({
          baseUrl,
          fetch,
          onReauthentication: async () => (await latchkey.reauthenticateWithPasskey()).response.ok,
        });
        globalThis.latchkey = latchkey;
        await latchkey.register(credentials);
        return (await latchkey.login(credentials)).response.status;
      },
      { baseUrl: worker.origin, credentials: { email, password: PASSWORD }, alg: algorithm },
    );
    expect(status).toBe(200);
    return page;
  }

  const addPasskey = (page: Page, name: string) =>
    page.evaluate(async (called) => {
      const { latchkey } = globalThis;
      try {
        const { data, error } = await latchkey.addPasskey({ name: called });
        return error?.code ?? (data as { name: string }).name;
      } catch (error) {
        return (error as Error).name;
      }
    }, name);

  const logOut = (page: Page) => page.evaluate(async () => globalThis.latchkey.logout());

  /** Logs in with a passkey and returns the account. */
  const logInWithPasskey = (page: Page, options: LatchkeyClient.PasskeyLoginOptions = {}) =>
    page.evaluate(async (how) => {
      const { latchkey } = globalThis;
      const { error } = await latchkey.loginWithPasskey(how);
      return error?.code ?? (await latchkey.api.GET('/api/me')).data?.email;
    }, options);

  /** Removes the oldest passkey. */
  const removePasskey = (page: Page) =>
    page.evaluate(async () => {
      const { api } = globalThis.latchkey;
      const id = (await api.GET('/api/factors')).data?.passkeys[0]?.id ?? '';
      const { error, response } = await api.DELETE('/api/passkeys/{id}', { params: { path: { id } } });
      return error?.code ?? response.status;
    });

  it.each([
    { name: 'ES256', algorithm: -7 },
    { name: 'EdDSA', algorithm: -8 },
    { name: 'RS256', algorithm: -257 },
  ])('adds one of $name and logs in with it, by itself and in a field', async ({ name, algorithm }) => {
    const email = `${name}@example.com`;
    const page = await openAs(email, algorithm);
    expect(await page.evaluate(() => globalThis.latchkeyClient.supportsPasskeys())).toBe(true);
    expect(await addPasskey(page, 'Laptop')).toBe('Laptop');
    for (const options of [{}, { mediation: 'conditional' }] as const) {
      await logOut(page);
      expect(await logInWithPasskey(page, options)).toBe(email);
    }
    await page.context().close();
  });

  it('takes a second passkey of another authenticator, and keeps the last way in', async () => {
    const email = 'grace@example.com';
    const page = await openAs(email);
    expect(await addPasskey(page, 'Laptop')).toBe('Laptop');
    expect(await addPasskey(page, 'Laptop again')).toBe('InvalidStateError');
    await addVirtualAuthenticator(page, 'usb');
    expect(await addPasskey(page, 'Key')).toBe('Key');

    await worker.env.DB.prepare(
      'DELETE FROM password_credentials WHERE account_id = (SELECT id FROM accounts WHERE email = ?)',
    )
      .bind(email)
      .run();
    expect(await removePasskey(page)).toBe(204);
    expect(await removePasskey(page)).toBe('last_credential');
    await logOut(page);
    expect(await logInWithPasskey(page)).toBe(email);
    await page.context().close();
  });

  it('proves credentials again with one where a call needs recent ones', async () => {
    const page = await openAs('old@example.com');
    expect(await addPasskey(page, 'Laptop')).toBe('Laptop');
    await worker.env.DB.prepare('UPDATE sessions SET authenticated_at = 1').run();
    expect(await removePasskey(page)).toBe(204);
    await page.context().close();
  });
});
