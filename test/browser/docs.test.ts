// Swagger UI: Authorize with an email and a password logs in through /token, and every call then carries the token.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ADMIN, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';

describeInChromium('the docs', (browser) => {
  let site: Site;
  beforeAll(async () => {
    site = await startedSite();
  });
  afterAll(() => site?.stop());

  it('log in with an email and a password, and try calls out with the token', async () => {
    const page = await openPage(browser());
    await page.goto(`${site.origin}/docs`);
    await page.locator('.auth-wrapper .authorize').first().click();
    const form = page.locator('.auth-container', { has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(ADMIN.email);
    await form.locator('#oauth_password').fill(ADMIN.password);
    const asked = page.waitForRequest((request) => request.url() === `${site.origin}/token`);
    await form.locator('button.authorize').click();
    expect(new URLSearchParams((await asked).postData() ?? '').get('grant_type')).toBe('password');
    await page.locator('.auth-container').getByText('Authorized', { exact: true }).waitFor();
    await page.locator('.btn-done').first().click();

    const operation = page.locator('#operations-Resource_API-getAccount');
    await operation.locator('.opblock-summary-control').click();
    const sent = page.waitForRequest((request) => request.url() === `${site.origin}/account`);
    await operation.locator('button.execute').click();
    expect(await (await sent).headerValue('Authorization')).toMatch(/^Bearer ey/);
    await operation.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await operation.locator('.live-responses-table').innerText()).toContain(ADMIN.email);
  });

  it('say so where the password is wrong', async () => {
    const page = await openPage(browser());
    await page.goto(`${site.origin}/docs`);
    await page.locator('.auth-wrapper .authorize').first().click();
    const form = page.locator('.auth-container', { has: page.locator('#oauth_username') });
    await form.locator('#oauth_username').fill(ADMIN.email);
    await form.locator('#oauth_password').fill('not it');
    await form.locator('button.authorize').click();
    await form.getByText('No account has this name and password').waitFor();
  });
});
