// The account pages in a browser, from sign-up to deletion: without JavaScript, and with a passkey of a virtual
// authenticator.
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN, expectCleanConsole, going, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';
import { type Front, openFront } from './support/front.ts';
import { look, looksAt, openFor } from './support/look.ts';
import { addVirtualAuthenticator } from './support/virtual-authenticator.ts';

const PASSWORD = 'an engine of sorts';

let front: Front;
let site: Site;
beforeAll(async () => {
  front = await openFront();
  site = await startedSite({ ISSUER: front.origin });
  front.passTo(site.origin);
});
afterAll(async () => {
  front?.close();
  await site?.stop();
});

const open = (page: Page, path: string) => page.goto(front.origin + path);
const press = (page: Page, name: string) => going(page, () => page.getByRole('button', { name, exact: true }).click());
const follow = (page: Page, name: string) => going(page, () => page.getByRole('link', { name, exact: true }).click());
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

async function signUp(page: Page, email: string): Promise<void> {
  await open(page, '/id/sign-up');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await press(page, 'Create the account');
  expect(await heading(page)).toBe('Your account');
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email or username').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await press(page, 'Sign in');
}

/** Sets up an authenticator app; returns it with the recovery codes. */
async function enrol(page: Page): Promise<{ readonly app: TOTP; readonly codes: readonly string[] }> {
  await open(page, '/id/authenticator');
  await press(page, 'Set it up');
  const secret = (await page.locator('.steps code').innerText()).replaceAll(' ', '');
  const app = new TOTP({ secret });
  await page.getByLabel('Code that the app shows').fill(app.generate());
  await press(page, 'Turn it on');
  const codes = await page.locator('.codes code').allInnerTexts();
  expect(codes).toHaveLength(10);
  return { app, codes };
}

describeInChromium('the pages of an account', (browser) => {
  it.each([true, false])('lead from sign-up to deletion, with JavaScript %s', async (javaScriptEnabled) => {
    const page = await openPage(browser(), { javaScriptEnabled });
    const email = `ada-${javaScriptEnabled}@example.com`;
    await signUp(page, email);
    const { codes } = await enrol(page);

    await open(page, '/id');
    await press(page, 'Sign out');
    expect(await page.getByRole('status').innerText()).toBe('You are signed out.');
    await open(page, '/id/sessions');
    await signIn(page, email);
    expect(await heading(page)).toBe('Enter a code');
    await page.getByLabel('Code').fill('000000');
    await press(page, 'Continue');
    expect(await page.getByRole('alert').first().innerText()).toContain('The code is wrong');
    await page.getByLabel('Code').fill(codes[0] ?? '');
    await press(page, 'Continue');
    expect(await heading(page)).toBe('Where you are signed in');

    await open(page, '/id/profile');
    await page.getByLabel('Username').fill(`Ada ${javaScriptEnabled}`);
    await press(page, 'Save');
    expect(await page.getByRole('status').innerText()).toBe('Your profile was changed.');
    await open(page, '/id/password');
    await page.getByLabel('Current password').fill('not it');
    await page.getByLabel('New password').fill('a difference engine');
    await press(page, 'Change the password');
    expect(await page.getByRole('alert').innerText()).toBe('This is not your current password.');

    await open(page, '/id/authenticator');
    await follow(page, 'Remove');
    await press(page, 'Remove');
    expect(await page.getByRole('status').innerText()).toContain('was removed');
    await open(page, '/id/passkeys');
    expect(await page.getByText('Adding a passkey takes JavaScript').isVisible()).toBe(!javaScriptEnabled);
    await open(page, '/id/delete');
    await press(page, 'Delete my account');
    expect(await heading(page)).toBe('Your account was deleted');
    expect((await site.call('/api/login', { json: { email, password: PASSWORD } })).status).toBe(401);
    expectCleanConsole(page);
    await page.context().close();
  });

  it('take a passkey: added, used to sign in by the button and in the field, to confirm, and removed', async () => {
    const page = await openPage(browser());
    await addVirtualAuthenticator(page);
    await signUp(page, 'grace@example.com');
    await open(page, '/id/passkeys');
    await page.getByLabel('Name').fill('My phone');
    await press(page, 'Add a passkey');
    expect(await page.getByRole('cell', { name: 'My phone', exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    // The authenticator takes a moment.
    await page.locator('.passkey [role="alert"]').filter({ hasText: 'has a passkey for your account' }).waitFor();

    await press(page, 'Sign out');
    // Conditional UI: the virtual authenticator consents at once, as if the user picked the passkey in the field.
    await page.waitForURL(`${front.origin}/id`);
    expect(await heading(page)).toBe('Your account');

    await open(page, '/id/reauthenticate?next=/id/apps');
    await press(page, 'Use a passkey');
    expect(await heading(page)).toBe('Connected apps');
    await open(page, '/id/passkeys');
    await follow(page, 'Change My phone');
    await follow(page, 'Remove');
    await press(page, 'Remove');
    expect(await page.getByRole('status').innerText()).toContain('The passkey was removed');
    expectCleanConsole(page);
    await page.context().close();
  });

  it.each(looksAt(1280, 320, 768))('look right, $width wide, $scheme', { timeout: 180_000 }, async (how) => {
    const page = await openFor(browser(), how);
    const email = `look-${how.width}-${how.scheme}-with-a-rather-long-name@example.com`;
    const see = (name: string) => look(page, `id-${name}`, how);
    await open(page, '/id/sign-in?next=/id');
    await see('sign-in');
    await signIn(page, email);
    await see('sign-in-refused');
    await open(page, '/id/sign-up');
    await see('sign-up');
    await signUp(page, email);
    await see('home-new');
    await site.call('/api/login', { json: { email, password: PASSWORD } });
    for (const name of ['profile', 'password', 'sessions', 'passkeys', 'apps', 'delete', 'reauthenticate']) {
      await open(page, `/id/${name}`);
      await see(name);
    }
    await open(page, '/id/authenticator');
    await see('authenticator');
    await press(page, 'Set it up');
    await see('authenticator-setup');
    await enrol(page);
    await see('recovery-codes');
    await open(page, '/id');
    await see('home');
    await press(page, 'Sign out');
    await signIn(page, email);
    await see('second-factor');
    await open(page, '/id/nowhere');
    await see('error');
    await page.context().close();
  });

  it.each(looksAt(1280, 320))('look right in any colour, $width wide, $scheme', async (how) => {
    const { access_token: token } = await site.logIn(ADMIN);
    const configure = (json: object) => site.call('/api/admin/settings', { method: 'PATCH', token, json });
    const LOGO_URL = `${front.origin}/assets/favicon.svg`;
    await configure({ SERVICE_NAME: 'The Library of Babel and its Reading Rooms', ACCENT_COLOR: '#ffd400', LOGO_URL });
    const page = await openFor(browser(), how);
    const see = (name: string) => look(page, `brand-${name}`, how);
    await open(page, '/id/sign-in');
    expect(await page.evaluate("document.querySelector('.wordmark img').naturalWidth")).toBeGreaterThan(0);
    await see('sign-in');
    await signUp(page, `brand-${how.width}-${how.scheme}@example.com`);
    await see('home');
    await open(page, '/id/password');
    await see('password');
    expectCleanConsole(page);
    await open(page, '/id/nowhere');
    expect(await page.title()).toContain('The Library of Babel');
    await see('error');
    await page.context().close();
    await configure({ SERVICE_NAME: null, ACCENT_COLOR: null, LOGO_URL: null });
  });
});
