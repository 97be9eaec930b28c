// Swagger UI: Authorize logs in through /token with an email and a password, or by the code flow as a registered
// client, and every call then carries the token.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';

describeInChromium('the docs', (browser) => {
  let site: Site;
  let page: Page;
  beforeAll(async () => {
    site = await startedSite();
    // One page for both passwords: Swagger UI takes seconds to render it.
    page = await openDocs();
  });
  afterAll(() => site?.stop());

  async function openDocs(): Promise<Page> {
    const opened = await openPage(browser());
    await opened.goto(`${site.origin}/docs`);
    return opened;
  }

  const openDialog = () => page.locator('.auth-wrapper .authorize').first().click();
  const closeDialog = () => page.locator('.btn-done').first().click();

  it('say so where the password is wrong', async () => {
    await openDialog();
    const form = page.locator('.auth-container', { has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(ADMIN.email);
    await form.locator('#oauth_password').fill('not it');
    await form.locator('button.authorize').click();
    await form.getByText('No account has this name and password').waitFor();
    await closeDialog();
  });

  it('log in with an email and a password, and try calls out with the token', async () => {
    await openDialog();
    const form = page.locator('.auth-container', { has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(ADMIN.email);
    await form.locator('#oauth_password').fill(ADMIN.password);
    const asked = page.waitForRequest((request) => request.url() === `${site.origin}/token`);
    await form.locator('button.authorize').click();
    expect(new URLSearchParams((await asked).postData() ?? '').get('grant_type')).toBe('password');
    await page.locator('.auth-container').getByText('Authorized', { exact: true }).waitFor();
    await closeDialog();

    const operation = page.locator('#operations-Resource_API-getAccount');
    await operation.locator('.opblock-summary-control').click();
    const sent = page.waitForRequest((request) => request.url() === `${site.origin}/account`);
    await operation.locator('button.execute').click();
    expect(await (await sent).headerValue('Authorization')).toMatch(/^Bearer ey/);
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain(ADMIN.email);
  });

  it('sign in by the code flow with PKCE, as a client that is registered for them', async () => {
    const { access_token: token } = await site.logIn(ADMIN);
    const redirect = `${site.origin}/docs/signed-in`;
    const client = { name: 'Swagger UI', kind: 'public', redirect_uris: [redirect], scopes: ['openid', 'profile'] };
    const { id } = (await site.call('/api/admin/clients', { token, json: client })).body;
    page = await openDocs();
    await openDialog();
    const form = page.locator('.auth-container', { has: page.locator('#client_id_authorizationCode') });
    await form.locator('#client_id_authorizationCode').fill(id);
    for (const scope of ['openid', 'profile']) await form.locator(`label[for^="${scope}-authorizationCode"]`).click();
    const opened = page.waitForEvent('popup');
    const asked = page.waitForRequest((request) => request.url() === `${site.origin}/oauth/token`);
    await form.locator('button.authorize').click();
    const popup = await opened;
    expect(new URL(popup.url()).origin).toBe(site.origin);
    await popup.getByLabel('Email or username').fill(ADMIN.email);
    await popup.getByLabel('Password', { exact: true }).fill(ADMIN.password);
    await popup.getByRole('button', { name: 'Sign in', exact: true }).click();
    await popup.getByRole('button', { name: 'Allow', exact: true }).click();
    const sent = new URLSearchParams((await asked).postData() ?? '');
    expect([sent.get('grant_type'), sent.get('client_id')]).toEqual(['authorization_code', id]);
    expect(sent.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/);
    await page.locator('.auth-container').getByText('Authorized', { exact: true }).waitFor();
    await closeDialog();

    const operation = page.locator('.opblock[id$="-getUserinfo"]');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('button.execute').click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain(ADMIN.username);
  });
});
