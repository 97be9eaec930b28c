// Every admin page, wide and narrow, light and dark: photographed, nothing wider than the screen, and nothing serious for axe-core.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, expectCleanConsole, going, openPage, type Site, signIn, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';

const SCREENSHOTS = join(import.meta.dirname, 'screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** axe-core takes its time: it sees both widths and both schemes, each once. */
const LOOKS = [
  { width: 1280, scheme: 'light', axe: true },
  { width: 1280, scheme: 'dark', axe: false },
  { width: 360, scheme: 'light', axe: false },
  { width: 360, scheme: 'dark', axe: true },
] as const;

describeInChromium('the look of the admin pages', (browser) => {
  let site: Site;
  let userId: number;
  let entityId: number;

  beforeAll(async () => {
    site = await startedSite();
    for (let n = 0; n < 30; n += 1)
      await site.register({ email: `person${n}@example.com`, username: `Person ${n}`, password: 'password' });
    userId = await site.register({ email: 'grace.hopper@example.com', username: 'Grace Hopper', password: 'password' });
    const pair = await site.logIn({ email: 'grace.hopper@example.com', password: 'password' });
    await site.env.DB.prepare('UPDATE accounts SET data = ? WHERE id = ?')
      .bind('{"rank":"rear admiral","languages":["COBOL"]}', userId)
      .run();
    for (const code of ['SHOE-42', 'SHOE-43', 'LAMP-1']) {
      const json = {
        code,
        type: code.toLowerCase().slice(0, 4),
        quantity: 12,
        visibility: code === 'LAMP-1' ? 'private' : 'public',
        attributes: { colour: 'red' },
      };
      entityId = (await site.call('/entities', { token: pair.access_token, json })).body.id;
    }
    await site.env.DB.prepare(
      "INSERT INTO audit_events (at, action, actor_id, account_id, detail) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 300) SELECT ? - (i * i % 29) * 86400000, 'login.succeeded', ?, ?, '{}' FROM n",
    )
      .bind(Date.now(), userId, userId)
      .run();
    const { access_token: token } = await site.logIn(ADMIN);
    await site.call('/api/admin/settings', {
      method: 'PATCH',
      token,
      json: { SESSION_TOKEN_LIFETIME: 90_000, REGISTRATION_OPEN: false },
    });
    await site.env.CONFIG.put('REFRESH_REUSE_GRACE', 'plenty');
  });
  afterAll(() => site?.stop());

  /** Looks at the page that is open. */
  async function look(page: Page, name: string, { width, scheme, axe }: (typeof LOOKS)[number]): Promise<void> {
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${scheme}.png`), fullPage: true });
    expect(
      await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
      `${name} is wider than the screen`,
    ).toBe(0);
    if (!axe) return;
    await page.addScriptTag({ path: AXE });
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    expect(
      violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      name,
    ).toEqual([]);
  }

  describe.each(LOOKS)('$width wide, $scheme', (how) => {
    const open = async (): Promise<Page> =>
      // axe-core is a script of the test's own, which the pages' policy keeps out.
      openPage(browser(), { viewport: { width: how.width, height: 800 }, colorScheme: how.scheme, bypassCSP: true });

    it('is fit to be seen', { timeout: 180_000 }, async () => {
      const page = await open();
      await page.goto(`${site.origin}/admin`);
      await look(page, 'sign-in', how);
      await page.getByLabel('Email or username').fill(ADMIN.email);
      await page.getByLabel('Password').fill('wrong');
      await going(page, () => page.getByRole('button', { name: 'Sign in' }).click());
      await look(page, 'sign-in-refused', how);
      await signIn(page, site.origin);
      for (const [name, path] of [
        ['overview', ''],
        ['settings', '/settings'],
        ['users', '/users'],
        ['users-none', '/users?q=nobody'],
        ['user', `/users/${userId}`],
        ['deactivate', `/users/${userId}/deactivate`],
        ['entities', '/entities'],
        ['entity', `/entities/${entityId}`],
        ['delete', `/entities/${entityId}/delete`],
        ['audit', '/audit'],
      ] as const) {
        await page.goto(`${site.origin}/admin${path}`);
        await look(page, name, how);
      }
      await page.goto(`${site.origin}/admin/settings`);
      await page.getByLabel('Access token lifetime', { exact: true }).fill('99999999');
      await going(page, () => page.getByRole('button', { name: 'Save changes' }).click());
      await look(page, 'settings-refused', how);
      expectCleanConsole(page);
      await page.goto(`${site.origin}/admin/nowhere`);
      await look(page, 'not-found', how);
      await page.context().close();
    });
  });

  it('is walked by keyboard alone, and shows where one is', async () => {
    const page = await openPage(browser());
    await signIn(page, site.origin);
    const seen: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      seen.push(await focused.innerText());
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(seen.slice(0, 7)).toEqual([
      'Skip to the content',
      'Latchkey',
      'Overview',
      'Settings',
      'Users',
      'Entities',
      'Audit',
    ]);
    expect(seen).toContain('Sign out');
    await page.context().close();
  });
});
