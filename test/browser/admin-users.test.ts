// Accounts, sessions and entities on the admin pages, in a real Chromium: searched and changed, with effect everywhere
// at once.
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

const PASSWORD = 'correct horse';

describeInChromium('accounts and entities on the pages', (browser) => {
  let site: Site;
  let page: Page;
  let asAdmin: BrowserContextOptions;

  beforeAll(async () => {
    site = await startedSite();
    asAdmin = await adminsCookie(browser(), site.origin);
  });
  afterAll(() => site?.stop());
  beforeEach(async () => {
    page = await openPage(browser(), asAdmin);
  });
  afterEach(async () => {
    expectCleanConsole(page);
    await page.context().close();
  });

  const click = (name: string, role: 'link' | 'button' = 'link') =>
    going(page, () => page.getByRole(role, { name, exact: true }).click());
  const someone = async (name: string) => {
    const person = { email: `${name}@example.com`, username: name, password: PASSWORD };
    return { ...person, id: await site.register(person) };
  };
  const find = async (name: string) => {
    await page.goto(`${site.origin}/admin/users`);
    await page.getByLabel('Name starts with').fill(name.toUpperCase());
    await click('Search', 'button');
    await click(`${name}@example.com`);
  };

  it('signs in with the right password alone, and signing out ends the session on the server', async () => {
    const visitor = await openPage(browser());
    await visitor.goto(`${site.origin}/admin/users?role=admin`);
    expect(await visitor.title()).toBe('Sign in · Latchkey');
    await visitor.getByLabel('Email or username').fill(ADMIN.username);
    await visitor.getByLabel('Password').fill('wrong');
    await going(visitor, () => visitor.getByLabel('Password').press('Enter'));
    expect(await notice(visitor)).toBe('No account has this name and password.');
    expect(await visitor.getByLabel('Email or username').inputValue()).toBe(ADMIN.username);
    await visitor.getByLabel('Password').fill(ADMIN.password);
    await going(visitor, () => visitor.getByLabel('Password').press('Enter'));
    expect(visitor.url()).toBe(`${site.origin}/admin/users?role=admin`);
    const [cookie] = await visitor.context().cookies();
    expect(cookie).toMatchObject({ name: 'latchkey', httpOnly: true, sameSite: 'Lax', secure: false });
    await going(visitor, () => visitor.getByRole('button', { name: 'Sign out' }).click());
    expect(await notice(visitor)).toBe('You are signed out.');
    const replayed = await fetch(`${site.origin}/admin`, {
      headers: { Cookie: `latchkey=${cookie?.value}` },
      redirect: 'manual',
    });
    expect(replayed.status).toBe(303);
    expectCleanConsole(visitor);
    await visitor.context().close();
  });

  it('finds a user and deactivates them: their token fails at the next call, and login says why', async () => {
    const person = await someone('grace');
    const { body: session } = await site.call('/auth', { json: { username: 'grace', password: PASSWORD } });
    expect((await site.call('/user/grace', { token: session.token })).status).toBe(200);
    await find('grace');
    await click('Deactivate');
    expect(await page.getByRole('heading').innerText()).toBe('Deactivate grace@example.com?');
    await click('Deactivate', 'button');
    expect(await notice(page)).toBe('Deactivated. Every session of the account has ended.');
    expect((await site.call('/user/grace', { token: session.token })).status).toBe(401);
    const login = await site.call('/api/login', { json: { email: person.email, password: PASSWORD } });
    expect(login).toMatchObject({ status: 403, body: { code: 'account_disabled' } });
    await click('Activate');
    await click('Activate', 'button');
    expect((await site.call('/api/login', { json: { email: person.email, password: PASSWORD } })).status).toBe(200);
  });

  it('ends one session and leaves the other', async () => {
    const person = await someone('mary');
    const [first, second] = [await site.logIn(person), await site.logIn(person)];
    const [{ id: latest }] = (await site.call('/api/sessions', { token: second.access_token })).body.sessions.filter(
      ({ current }: { current: boolean }) => current,
    );
    await find('mary');
    await going(page, () => page.locator(`a[href$="/sessions/${latest}/end"]`).click());
    await click('End the session', 'button');
    expect(await notice(page)).toBe('The session has ended.');
    expect((await site.call('/api/refresh', { json: { refresh_token: second.refresh_token } })).status).toBe(401);
    expect((await site.call('/api/refresh', { json: { refresh_token: first.refresh_token } })).status).toBe(200);
  });

  it('promotes and demotes an admin, but never demotes the last one', async () => {
    await someone('joan');
    await find('joan');
    await click('Make admin');
    await click('Make admin', 'button');
    expect(await notice(page)).toBe('The account is an admin now.');
    await click('Take admin role away');
    await click('Take the role away', 'button');
    expect(await notice(page)).toBe('The account is no longer an admin.');
    await going(page, () => page.locator('.whoami').click());
    for (const [way, button] of [
      ['Take admin role away', 'Take the role away'],
      ['Deactivate', 'Deactivate'],
    ] as const) {
      await click(way);
      await click(button, 'button');
      expect(await notice(page)).toContain('This is the last active admin');
      await click('Cancel');
    }
    expect(await page.locator('h1').innerText()).toContain('Admin');
  });

  it('filters the audit trail', async () => {
    const { id } = await someone('lise');
    await page.goto(`${site.origin}/admin/users/${id}/deactivate`);
    await click('Deactivate', 'button');
    await page.goto(`${site.origin}/admin/audit`);
    await page.getByLabel('What happened').selectOption('account.deactivated');
    await page.getByLabel('Account id').fill(String(id));
    await click('Filter', 'button');
    const rows = page.locator('.events tbody tr');
    expect(await rows.count()).toBe(1);
    expect(await rows.first().innerText()).toMatch(
      /ada\.lovelace@example\.com\s+Deactivated\s+lise@example\.com\s+127\.0\.0\.1/,
    );
  });

  it('searches, edits and deletes an entity, and reports a concurrent edit', async () => {
    const { access_token: token } = await site.logIn(ADMIN);
    const { body: made } = await site.call('/entities', {
      token,
      json: { code: 'SHOE-42', type: 'shoe', quantity: 7, attributes: { colour: 'red' } },
    });
    await page.goto(`${site.origin}/admin/entities`);
    await page.getByLabel('Words of code, type or attributes').fill('RED');
    await click('Search', 'button');
    await click('SHOE-42');
    await page.getByLabel('Quantity').fill('lots');
    await page.getByLabel('Attributes (JSON)').fill('{"colour": "red"');
    await click('Save changes', 'button');
    expect(await page.locator('.error').allInnerTexts()).toEqual([
      'This must be a whole number of at least 0.',
      'This must be a JSON object, such as {"color": "red"}.',
    ]);
    expect(await page.getByLabel('Quantity').inputValue()).toBe('lots');
    await page.getByLabel('Quantity').fill('9');
    await page.getByLabel('Attributes (JSON)').fill('{"colour": "green"}');
    await site.call(`/entities/${made.id}`, { token, method: 'PATCH', json: { type: 'boot' } });
    await click('Save changes', 'button');
    expect(await notice(page)).toContain('Somebody else changed this entity');
    expect(await page.getByLabel('Quantity').inputValue()).toBe('9');
    await click('Save changes', 'button');
    expect(await notice(page)).toBe('Saved.');
    expect((await site.call(`/entities/${made.id}`, { token })).body).toMatchObject({
      quantity: 9,
      type: 'shoe',
      attributes: { colour: 'green' },
    });
    await click('Delete');
    await click('Delete', 'button');
    expect(await notice(page)).toBe('The entity is deleted.');
    expect((await site.call(`/entities/${made.id}`, { token })).status).toBe(404);
  });

  it('refuses a form that another site sends with the cookie of the admin', async () => {
    const { id } = await someone('rosa');
    const evil = await page.context().newPage();
    await evil.route('http://evil.example/**', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${site.origin}/admin/users/${id}/deactivate">
          <button>Win a prize</button></form>`,
      }),
    );
    await evil.goto('http://evil.example/');
    const posted = evil.waitForResponse((response) => response.request().method() === 'POST');
    await evil.getByRole('button').click();
    expect((await posted).status()).toBe(403);
    expect((await site.call('/api/login', { json: { email: 'rosa@example.com', password: PASSWORD } })).status).toBe(
      200,
    );
  });

  it('tells a user who is not an admin so', async () => {
    const person = await someone('emmy');
    const visitor = await openPage(browser());
    await signIn(visitor, site.origin, person);
    expect(await visitor.locator('h1').innerText()).toBe('Forbidden');
    await visitor.context().close();
  });
});
