// Looks at a page: photographs it where SCREENSHOTS is set, and finds it no wider than the screen and nothing in it for
// axe-core.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openPage } from './admin-site.ts';

const SCREENSHOTS = join(import.meta.dirname, '../screenshots');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  /** axe-core takes its time: it sees both widths and both schemes, each once. */
  readonly axe: boolean;
}

export const looksAt = (wide: number, narrow: number): readonly Look[] => [
  { width: wide, scheme: 'light', axe: true },
  { width: narrow, scheme: 'dark', axe: true },
  // For who looks at the pictures: no page is wider in another scheme.
  ...(process.env.SCREENSHOTS
    ? ([
        { width: wide, scheme: 'dark', axe: false },
        { width: narrow, scheme: 'light', axe: false },
      ] as const)
    : []),
];

/** A page of this width and scheme. axe-core is a script of the test's own, which the pages' policy keeps out. */
export const openFor = (browser: Browser, { width, scheme }: Look): Promise<Page> =>
  openPage(browser, { viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });

/** Looks at the page that is open. */
export async function look(page: Page, name: string, { width, scheme, axe }: Look): Promise<void> {
  if (process.env.SCREENSHOTS)
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
