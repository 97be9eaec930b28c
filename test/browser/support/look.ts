// Checks the look of a page: it is no wider than the screen, and axe-core finds nothing. With SCREENSHOTS set, it is
// photographed as well.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Result } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openPage } from './admin-site.ts';

const SCREENSHOTS = join(import.meta.dirname, '../screenshots');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** axe-core is slow: it checks each width and each scheme once, and all combinations with SCREENSHOTS set. */
export const looksAt = (wide: number, narrow: number, between?: number): readonly Look[] =>
  process.env.SCREENSHOTS
    ? [wide, 768, narrow].flatMap((width) => [
        { width, scheme: 'light' },
        { width, scheme: 'dark' },
      ])
    : [
        { width: wide, scheme: 'light' },
        { width: narrow, scheme: 'dark' },
        ...(between === undefined ? [] : [{ width: between, scheme: 'light' } as const]),
      ];

/** A page of this width and scheme. axe-core fetches the style sheets again, which the pages' policy would block. */
export async function openFor(browser: Browser, { width, scheme }: Look): Promise<Page> {
  const page = await openPage(browser, { viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
  // Registered once, so that the browser compiles it once: sending it to each page took longer than its rules.
  await page.addInitScript(`globalThis.loadAxe = () => { ${AXE} };`);
  return page;
}

/** Checks the open page. */
export async function look(page: Page, name: string, { width, scheme }: Look): Promise<void> {
  if (process.env.SCREENSHOTS)
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${scheme}.png`), fullPage: true });
  expect(
    await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
    `${name} is wider than the screen`,
  ).toBe(0);
  // Every rule runs; only violations are reported.
  const violations = await page.evaluate<Result[]>(
    "loadAxe(), axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  expect(
    violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    name,
  ).toEqual([]);
}
