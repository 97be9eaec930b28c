// Mails in a browser: each link is followed by a scanner twice and then by a person, with and without JavaScript.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanConsole, going, openPage, type Site, startedSite } from './support/admin-site.ts';
import { describeInChromium } from './support/chromium.ts';
import { type Inbox, inboxOf } from './support/inbox.ts';
import { look, looksAt, openFor } from './support/look.ts';

const PASSWORD = 'an engine of sorts';
const NEW_PASSWORD = 'a difference engine';

let site: Site;
let inbox: Inbox;
beforeAll(async () => {
  site = await startedSite({ MAIL_FROM: 'no-reply@latchkey.example' });
  inbox = inboxOf(site.origin);
});
afterAll(() => site?.stop());

const isVerified = async (token: string) => (await site.call('/account', { token })).body.email_verified;
const tokenOf = async (email: string, password: string) =>
  (await site.call('/token', { json: { email, password } })).body.access_token as string;

/** Opens the link of the newest mail to an address, after a scanner has opened it twice. */
async function open(page: Page, email: string, subject: string): Promise<void> {
  const link = await inbox.link(email, subject);
  for (const _ of [1, 2]) expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
}

const press = (page: Page, name: string) => going(page, () => page.getByRole('button', { name }).click());
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

describeInChromium('mails', (browser) => {
  it.each([true, false])('verify, reset and undo, with JavaScript %s', async (javaScriptEnabled) => {
    const page = await openPage(browser(), { javaScriptEnabled });
    const email = `ada-${javaScriptEnabled}@example.com`;
    await site.register({ email, username: `Ada ${javaScriptEnabled}`, password: PASSWORD });
    const token = await tokenOf(email, PASSWORD);

    await open(page, email, 'Verify your email');
    expect(await page.locator('main').innerText()).toContain(`Ada ${javaScriptEnabled}`);
    expect(await isVerified(token)).toBe(false);
    await press(page, 'Verify email');
    expect(await heading(page)).toBe('Your email is verified');
    expect(await isVerified(token)).toBe(true);

    await page.goto(`${site.origin}/id/forgot-password`);
    await page.getByLabel('Email').fill(email);
    await press(page, 'Send the link');
    expect(await heading(page)).toBe('Look at your mail');
    await open(page, email, 'Set a new password');
    await page.getByLabel('New password').fill('short');
    await press(page, 'Set the password');
    expect(await page.getByRole('alert').innerText()).toContain('too short');
    await page.getByLabel('New password').fill(NEW_PASSWORD);
    await press(page, 'Set the password');
    expect(await heading(page)).toBe('Your new password is set');
    const again = await tokenOf(email, NEW_PASSWORD);

    const next = `thief-${javaScriptEnabled}@example.com`;
    await site.call('/api/me', { method: 'PATCH', json: { email: next }, token: again });
    await inbox.link(next, 'Verify your email');
    await open(page, email, 'Your email at Latchkey was changed');
    expect(await isVerified(again)).toBe(false);
    await press(page, 'Undo the change');
    expect(await heading(page)).toBe('The change is undone');
    await page.getByRole('link', { name: 'Set a new password' }).click();
    expect(await heading(page)).toBe('Set a new password');
    expect((await site.call('/api/login', { json: { email, password: NEW_PASSWORD } })).status).toBe(401);
    expectCleanConsole(page);
    await page.context().close();
  });

  it.each(looksAt(1280, 320, 768))('lead to pages that look right, $width wide, $scheme', async (how) => {
    const page = await openFor(browser(), how);
    const email = `look-${how.width}-${how.scheme}@example.com`;
    await site.register({ email, username: `Look ${how.width} ${how.scheme}`, password: PASSWORD });
    const verification = await inbox.mail(email, 'Verify your email');
    await page.goto(await inbox.link(email, 'Verify your email'));
    await look(page, 'verify-email', how);
    await press(page, 'Verify email');
    await look(page, 'email-verified', how);
    await page.goto(`${site.origin}/id/forgot-password`);
    await look(page, 'forgot-password', how);
    await page.getByLabel('Email').fill(email);
    await press(page, 'Send the link');
    await look(page, 'link-sent', how);
    await page.goto(await inbox.link(email, 'Set a new password'));
    await page.getByLabel('New password').fill('short');
    await press(page, 'Set the password');
    await look(page, 'reset-password', how);
    const token = await tokenOf(email, PASSWORD);
    await site.call('/api/me', { method: 'PATCH', json: { email: `new-${email}` }, token });
    const notice = await inbox.mail(email, 'Your email at Latchkey was changed');
    await page.goto(await inbox.link(email, 'Your email at Latchkey was changed'));
    await look(page, 'undo-email', how);
    expectCleanConsole(page);
    await page.goto(`${site.origin}/id/verify-email?token=old`);
    await look(page, 'invalid-link', how);
    await page.setContent(verification.html);
    await look(page, 'mail-verification', how);
    await page.setContent(notice.html);
    await look(page, 'mail-email-changed', how);
    await page.context().close();
  });
});
