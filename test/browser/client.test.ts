// Two tabs of a real Chromium share a pair: one refresh serves both, and a logout in one reaches the other.
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningWorker, startedWorker } from '../node/support/worker.ts';
import { describeInChromium } from './support/chromium.ts';
import { clientPages, type Pages } from './support/client-page.ts';

// Long enough for a busy machine to answer a call before its token expires.
const LIFETIME_SECONDS = 4;
const CALLS_FOR_MS = 7_000;
const CREDENTIALS = { email: 'tabs@example.com', password: 'correct horse' };

describeInChromium('the client in two tabs', (browser) => {
  let pages: Pages;
  let worker: RunningWorker;
  let context: BrowserContext;
  const refreshes: { readonly token: string; readonly status: number }[] = [];

  beforeAll(async () => {
    pages = await clientPages();
    worker = await startedWorker({ CORS_ORIGINS: pages.origin });
    await worker.env.CONFIG.put('ACCESS_TOKEN_LIFETIME', String(LIFETIME_SECONDS));
    context = await browser().newContext();
    context.on('response', (response) => {
      const request = response.request();
      if (!request.url().endsWith('/api/refresh') || request.method() !== 'POST') return;
      refreshes.push({ token: request.postDataJSON().refresh_token, status: response.status() });
    });
  });
  afterAll(async () => {
    await context?.close();
    await worker?.stop();
    pages?.close();
  });

  const openTab = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(pages.origin);
    await page.waitForFunction('globalThis.latchkeyClient');
    await page.evaluate((baseUrl) => {
      const { browserStorage, createLatchkey } = globalThis.latchkeyClient;
      const ended: string[] = [];
      const latchkey = createLatchkey({
        baseUrl,
        storage: browserStorage(),
        onSessionEnded: (reason) => ended.push(reason),
      });
      Object.assign(globalThis, { latchkey, ended });
    }, worker.origin);
    return page;
  };

  /** Runs three concurrent callers in a tab for some seconds; resolves to the statuses of their answers. */
  const callFor = (page: Page, milliseconds: number): Promise<readonly number[]> =>
    page.evaluate(async (duration) => {
      const { latchkey } = globalThis;
      const deadline = Date.now() + duration;
      const seen = new Set<number>();
      const call = async () => {
        while (Date.now() < deadline) {
          seen.add((await latchkey.api.GET('/api/me')).response.status);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      await Promise.all(Array.from({ length: 3 }, call));
      return [...seen];
    }, milliseconds);

  // A tab's page sets `ended`, as above.
  const ended = (page: Page): Promise<readonly string[]> => page.evaluate(() => globalThis.ended);

  it('refreshes once for both tabs, and a logout in one logs the other out', async () => {
    const [first, second] = [await openTab(), await openTab()];
    await first.evaluate(async (credentials) => {
      const { latchkey } = globalThis;
      await latchkey.register(credentials);
      await latchkey.login(credentials);
    }, CREDENTIALS);

    const startedAt = Date.now();
    const seen = await Promise.all([callFor(first, CALLS_FOR_MS), callFor(second, CALLS_FOR_MS)]);
    const seconds = (Date.now() - startedAt) / 1000;
    expect(seen).toEqual([[200], [200]]);
    expect(new Set(refreshes.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(refreshes.map(({ token }) => token)).size).toBe(refreshes.length);
    expect(refreshes.length).toBeGreaterThanOrEqual(Math.floor(seconds / LIFETIME_SECONDS) - 1);
    expect(refreshes.length).toBeLessThanOrEqual(Math.ceil(seconds / (0.9 * (LIFETIME_SECONDS - 1))));

    await first.evaluate(async () => globalThis.latchkey.logout());
    await expect.poll(() => ended(second)).toEqual(['elsewhere']);
    expect(await ended(first)).toEqual(['logged_out']);
    expect(await callFor(second, 100)).toEqual([401]);
  });
});
