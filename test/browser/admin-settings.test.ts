// The settings page in a real Chromium: values are saved, refused beside their field, reset, in conflict and in effect.
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  ADMIN,
  adminsCookie,
  expectCleanConsole,
  going,
  notice,
  openPage,
  type Site,
  signIn,
  startedSite,
} from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';

describeInChromium('settings on the page', (browser) => {
  let site: Site;
  let page: Page;
  let asAdmin: BrowserContextOptions;

  beforeAll(async () => {
    site = await startedSite();
    asAdmin = await adminsCookie(browser(), site.origin);
  });
  afterAll(() => site?.stop());
  beforeEach(async () => {
    const { access_token: token } = await site.logIn(ADMIN);
    const defaults = { ACCESS_TOKEN_LIFETIME: null, PASSWORD_MIN_LENGTH: null, REGISTRATION_OPEN: null };
    await site.call('/api/admin/settings', { method: 'PATCH', token, json: defaults });
    page = await openPage(browser(), asAdmin);
    await page.goto(`${site.origin}/admin/settings`);
  });
  afterEach(async () => {
    expectCleanConsole(page);
    await page.context().close();
  });

  const save = () => going(page, () => page.getByRole('button', { name: 'Save changes' }).click());
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const row = (name: string) => page.locator('.setting').filter({ has: field(name) });

  it('makes access tokens live for 5 seconds, and no longer', async () => {
    await field('Access token lifetime').fill('5');
    await save();
    expect(await notice(page)).toMatch(
      /Saved\. It takes effect everywhere within 60 seconds\.\s+Access token lifetime: 30 seconds → 5 seconds/,
    );
    expect(await row('Access token lifetime').innerText()).toContain('Modified');
    const { access_token: token } = await site.logIn(ADMIN);
    expect((await site.call('/api/me', { token })).status).toBe(200);
    await sleep(6000);
    expect(await site.call('/api/me', { token })).toMatchObject({ status: 401, body: { code: 'token_expired' } });
    await going(page, () => page.getByRole('button', { name: 'Reset to default: Access token lifetime' }).click());
    expect(await notice(page)).toContain('Access token lifetime: 5 seconds → 30 seconds (the default)');
    expect(await field('Access token lifetime').inputValue()).toBe('30');
    expect(await page.locator('.events').innerText()).toMatch(/ACCESS_TOKEN_LIFETIME 30 seconds → 5 seconds/);
  });

  it('shows errors of range and type beside the field, and keeps what was typed', async () => {
    await field('Access token lifetime').fill('86401');
    await field('Password min length').fill('eight');
    await field('Session token lifetime').fill('3600');
    await save();
    expect(await notice(page)).toBe('Nothing was saved. 2 fields are not valid.');
    expect(await row('Access token lifetime').locator('.error').innerText()).toContain('from 1 to 86,400');
    expect(await row('Password min length').locator('.error').innerText()).toContain('whole number of characters');
    const typed = await Promise.all(
      ['Access token lifetime', 'Password min length', 'Session token lifetime'].map((name) =>
        field(name).inputValue(),
      ),
    );
    expect(typed).toEqual(['86401', 'eight', '3600']);
    expect(await field('Access token lifetime').getAttribute('aria-invalid')).toBe('true');
    expect(await site.env.CONFIG.get('SESSION_TOKEN_LIFETIME')).toBeNull();
  });

  it('tells the second of two concurrent savers, and keeps what they typed', async () => {
    const other = await openPage(browser());
    await signIn(other, site.origin);
    await other.goto(`${site.origin}/admin/settings`);
    await field('Access token lifetime').fill('60');
    await save();
    await other.getByLabel('Access token lifetime', { exact: true }).fill('90');
    await other.getByLabel('Password min length', { exact: true }).fill('9');
    await going(other, () => other.getByRole('button', { name: 'Save changes' }).click());
    expect(await notice(other)).toContain(
      'Nothing was saved. Somebody else changed Access token lifetime while you were editing.',
    );
    expect(await other.locator('.setting .error').innerText()).toContain('Somebody else changed it to 1 minute');
    expect(await other.getByLabel('Access token lifetime', { exact: true }).inputValue()).toBe('90');
    expect(await other.getByLabel('Password min length', { exact: true }).inputValue()).toBe('9');
    expect(await site.env.CONFIG.get('PASSWORD_MIN_LENGTH')).toBeNull();
    await going(other, () => other.getByRole('button', { name: 'Save changes' }).click());
    expect(await notice(other)).toMatch(
      /Access token lifetime: 1 minute → 1 minute 30 seconds\s+Password min length: 6 characters → 9 characters/,
    );
    expectCleanConsole(other);
    await other.context().close();
  });

  it('keeps a concurrent change of another setting by somebody else', async () => {
    await site.env.CONFIG.put('ACCESS_TOKEN_LIFETIME', '45');
    await field('Password min length').fill('8');
    await save();
    expect(await notice(page)).toContain('Password min length: 6 characters → 8 characters');
    expect(await site.env.CONFIG.get('ACCESS_TOKEN_LIFETIME')).toBe('45');
    expect(await field('Access token lifetime').inputValue()).toBe('45');
  });

  it('shows values written to KV by hand, and for a broken one the default that is in effect', async () => {
    await site.env.CONFIG.put('ACCESS_TOKEN_LIFETIME', '120');
    await site.env.CONFIG.put('PASSWORD_MIN_LENGTH', 'a few');
    await site.env.CONFIG.put('REGISTRATION_OPEN', 'maybe');
    await page.reload();
    expect(await field('Access token lifetime').inputValue()).toBe('120');
    expect(await row('Access token lifetime').innerText()).toContain('2 minutes');
    expect(await field('Password min length').inputValue()).toBe('a few');
    expect(await row('Password min length').innerText()).toMatch(
      /Stored as “a few”, which is not valid\. The default is in force: 6 characters\./,
    );
    expect(await row('Registration open').innerText()).toContain('Stored as “maybe”');
    await going(page, () => page.getByRole('button', { name: 'Reset to default: Password min length' }).click());
    expect(await field('Password min length').inputValue()).toBe('6');
    expect(await site.env.CONFIG.get('PASSWORD_MIN_LENGTH')).toBeNull();
  });

  it('keeps unsaved input in other fields when one setting is reset, and says that it is not saved', async () => {
    await site.env.CONFIG.put('PASSWORD_MIN_LENGTH', '10');
    await page.reload();
    await field('Access token lifetime').fill('75');
    await going(page, () => page.getByRole('button', { name: 'Reset to default: Password min length' }).click());
    expect(await field('Access token lifetime').inputValue()).toBe('75');
    expect(await row('Access token lifetime').innerText()).toContain('Not saved');
    expect(await site.env.CONFIG.get('ACCESS_TOKEN_LIFETIME')).toBeNull();
  });

  it('saves on Enter, and spells a lifetime out while it is typed', async () => {
    await field('Access token lifetime').fill('3661');
    expect(await row('Access token lifetime').locator('output').innerText()).toBe('= 1 hour 1 minute 1 second');
    await going(page, () => field('Access token lifetime').press('Enter'));
    expect(await notice(page)).toContain('Saved.');
    expect(await site.env.CONFIG.get('ACCESS_TOKEN_LIFETIME')).toBe('3661');
  });

  it('works without JavaScript', async () => {
    const plain = await openPage(browser(), { javaScriptEnabled: false });
    await signIn(plain, site.origin);
    await plain.goto(`${site.origin}/admin/settings`);
    await plain.getByLabel('Registration open').selectOption('false');
    await going(plain, () => plain.getByRole('button', { name: 'Save changes' }).click());
    expect(await notice(plain)).toContain('Registration open: on → off');
    await plain.context().close();
  });
});
