// Every admin page, wide and narrow, light and dark: no wider than the screen, and accessible by axe-core.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADMIN,
  expectCleanConsole,
  going,
  notice,
  openPage,
  type Site,
  signIn,
  startedSite,
} from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';
import { look, looksAt, openFor } from './support/look.ts';

const LOOKS = looksAt(1280, 360);

describeInChromium('the look of the admin pages', (browser) => {
  let site: Site;
  let userId: number;
  let entityId: number;

  beforeAll(async () => {
    site = await startedSite();
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29)';
    const now = Date.now();
    await site.env.DB.batch([
      site.env.DB.prepare(
        'INSERT INTO accounts (email, email_key, username, username_key, password_hash, role, active, data, ' +
          `created_at, updated_at) ${numbers} SELECT 'person' || i || '@example.com', 'person' || i || ` +
          `'@example.com', 'Person ' || i, 'person ' || i, '', 'user', 1, '{}', ?1, ?1 FROM n`,
      ).bind(now),
      site.env.DB.prepare(
        'INSERT INTO audit_events (at, action, actor_id, account_id, detail) ' +
          "SELECT ?, 'account.registered', id, id, '{}' FROM accounts WHERE username LIKE 'Person %'",
      ).bind(now),
    ]);
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
      'INSERT INTO audit_events (at, action, actor_id, account_id, detail) WITH RECURSIVE n(i) AS (SELECT 0 UNION ' +
        "ALL SELECT i + 1 FROM n WHERE i < 300) SELECT ? - (i * i % 29) * 86400000, 'login.succeeded', ?, ?, '{}' " +
        'FROM n',
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

  describe.each(LOOKS)('$width wide, $scheme', (how) => {
    it('looks right', { timeout: 180_000 }, async () => {
      const page = await openFor(browser(), how);
      await page.goto(`${site.origin}/admin`);
      await look(page, 'sign-in', how);
      await page.getByLabel('Email or username').fill(ADMIN.email);
      await page.getByLabel('Password').fill('wrong');
      await going(page, () => page.getByRole('button', { name: 'Sign in', exact: true }).click());
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
        ['clients', '/clients'],
        ['new-client', '/clients/new'],
        ['mails', '/mails'],
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

  it.each(looksAt(1280, 320))(
    'of a client: registered, its secret shown once, changed and deleted, $width wide, $scheme',
    { timeout: 180_000 },
    async (how) => {
      const page = await openFor(browser(), how);
      const see = (name: string) => look(page, `client-${name}`, how);
      const press = (name: string) => going(page, () => page.getByRole('button', { name, exact: true }).click());
      const follow = (name: string) => going(page, () => page.getByRole('link', { name, exact: true }).click());
      const name = `Photo Album ${how.width} ${how.scheme}`;
      const addresses = page.getByLabel('Redirect addresses');
      await signIn(page, site.origin);
      await page.goto(`${site.origin}/admin/clients`);
      await follow('Register a client');
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByLabel('Kind').selectOption('confidential');
      await addresses.fill('http://album.example/callback');
      await press('Register');
      expect(await notice(page)).toContain('Nothing was saved.');
      expect(await page.locator('.error').innerText()).toContain('“http://album.example/callback” must be');
      await see('refused');
      await addresses.fill(`https://album.example/callback\nhttps://album.example/${'a-long-way/'.repeat(6)}`);
      await press('Register');
      expect(await notice(page)).toContain('never shown again');
      const secret = await page.locator('dd code').last().innerText();
      expect(secret).toHaveLength(43);
      await see('secret');

      await follow('To the client');
      expect(await page.locator('main').innerText()).not.toContain(secret);
      await page.getByLabel('Create, change and delete your entities and games').check();
      await press('Save');
      expect(await notice(page)).toBe('The client was changed.');
      await see('changed');
      await follow('Replace the secret');
      await see('replace');
      await press('Replace the secret');
      expect(await page.locator('dd code').last().innerText()).not.toBe(secret);
      await going(page, () => page.locator('.crumb a').click());
      await see('list');
      await follow(name);
      await follow('Delete');
      await see('delete');
      await press('Delete the client');
      expect(await notice(page)).toBe('The client was deleted.');
      expect(await page.getByRole('link', { name, exact: true }).count()).toBe(0);
      expectCleanConsole(page);
      await page.context().close();
    },
  );

  it('works by keyboard alone, and shows the focus', async () => {
    const page = await openPage(browser());
    await signIn(page, site.origin);
    const seen: string[] = [];
    for (let step = 0; step < 14; step += 1) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      seen.push(await focused.innerText());
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(seen.slice(0, 9)).toEqual([
      'Skip to the content',
      'Latchkey',
      'Overview',
      'Settings',
      'Users',
      'Entities',
      'Clients',
      'Mails',
      'Audit',
    ]);
    expect(seen).toContain('Sign out');
    await page.context().close();
  });
});
