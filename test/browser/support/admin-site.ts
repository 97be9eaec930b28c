// The real Worker with an admin and some accounts, and browser pages whose console is watched.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type RunningWorker, startedWorker } from '../../node/support/worker.ts';

export const ADMIN = { email: 'ada.lovelace@example.com', username: 'Ada Lovelace', password: 'an engine of sorts' };

export interface Pair {
  readonly access_token: string;
  readonly refresh_token: string;
}

export interface Site extends RunningWorker {
  /** Calls the API; a body makes it a POST. */
  call(
    path: string,
    sending?: { readonly json?: unknown; readonly token?: string; readonly method?: string },
  ): Promise<{ status: number; body: Body }>;
  register(person: { readonly email: string; readonly username?: string; readonly password: string }): Promise<number>;
  logIn(person: { readonly email: string; readonly password: string }): Promise<Pair>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
type Body = any;

/** A site with one admin. */
export async function startedSite(vars: Readonly<Record<string, string>> = {}): Promise<Site> {
  const worker = await startedWorker(vars);
  const call: Site['call'] = async (path, { json, token, method } = {}) => {
    const answer = await fetch(worker.origin + path, {
      method: method ?? (json === undefined ? 'GET' : 'POST'),
      headers: {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const register: Site['register'] = async (person) => (await call('/api/register', { json: person })).body.id;
  const logIn: Site['logIn'] = async ({ email, password }) =>
    (await call('/api/login', { json: { email, password } })).body;
  const id = await register(ADMIN);
  await worker.env.DB.prepare("UPDATE accounts SET role = 'admin' WHERE id = ?").bind(id).run();
  return { ...worker, call, register, logIn };
}

/** The unexpected messages of the console. */
const complaints = new WeakMap<Page, string[]>();

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said: string[] = [];
  complaints.set(page, said);
  page.on('console', (message) => {
    // A message of Chromium's: an element that was focused before the page was ready keeps the focus.
    if (!/^Autofocus processing was blocked/.test(message.text())) said.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => said.push(error.message));
  page.on('requestfailed', (request) => {
    // An image that was still loading when the page was left.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') said.push(`${request.url()} failed`);
  });
  return page;
}

export const expectCleanConsole = (page: Page): void => expect(complaints.get(page)).toEqual([]);

/** Runs an action that navigates, and waits for the next page to load. */
export async function going(page: Page, act: () => Promise<unknown>): Promise<void> {
  await Promise.all([page.waitForEvent('load'), act()]);
}

export async function signIn(
  page: Page,
  origin: string,
  { email, password }: { readonly email: string; readonly password: string } = ADMIN,
): Promise<void> {
  await page.goto(`${origin}/id/sign-in?next=/admin`);
  await page.getByLabel('Email or username').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await going(page, () => page.getByRole('button', { name: 'Sign in', exact: true }).click());
}

/** The cookie of an admin who signed in, for pages that start signed in. */
export async function adminsCookie(
  browser: Browser,
  origin: string,
): Promise<Pick<BrowserContextOptions, 'storageState'>> {
  const page = await openPage(browser);
  await signIn(page, origin);
  const storageState = await page.context().storageState();
  await page.context().close();
  return { storageState };
}

export const notice = (page: Page): Promise<string> => page.locator('.notice').first().innerText();
