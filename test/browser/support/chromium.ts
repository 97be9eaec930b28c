// A real Chromium. Where none is installed, the tests that need one are reported as skipped; in CI they fail.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';

/** Debian's package of this name shows no windows, and takes a quarter less CPU for these tests. */
const WITHOUT_WINDOWS = '/usr/bin/chromium-headless-shell';
const INSTALLED = existsSync(WITHOUT_WINDOWS) ? WITHOUT_WINDOWS : '/usr/bin/chromium';
const EXECUTABLE = process.env.CHROMIUM || INSTALLED;
/**
 * The list that comes last counts: Playwright's own, and then three that cost more than the pages under test: a box for
 * suggestions that each window loads as two pages, and a renderer that stands by.
 */
const WITHOUT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
];

// No sandbox, since tests may run as root, and no background traffic to other hosts.
const ARGS = [
  `--disable-features=${WITHOUT.join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A `describe` whose tests share a browser, which `browser()` returns while they run. */
export const describeInChromium = (title: string, tests: (browser: () => Browser) => void): void =>
  existsSync(EXECUTABLE)
    ? describeWith(title, tests)
    : sayItIsMissing(title, `NOT RUN: there is no Chromium at ${EXECUTABLE}`);

function describeWith(title: string, tests: (browser: () => Browser) => void): void {
  describe(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
    });
    afterAll(() => browser?.close());
    tests(() => {
      if (!browser) throw new Error('the browser has not started');
      return browser;
    });
  });
}

export function sayItIsMissing(title: string, words: string): void {
  describe(`${title} (${words})`, () => {
    it.skipIf(process.env.CI !== 'true')(words, () => {
      throw new Error(words);
    });
  });
}
