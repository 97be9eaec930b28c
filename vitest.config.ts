// Tests run in workerd against real local stores with a key of their own. The domain's tests need neither and run in
// Node, and so do those that start processes.
import { existsSync, statfsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { newSecrets } from './scripts/key-set.ts';

// Miniflare would look up its location; tests need no network.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
// wrangler warns in each file that JWT_KEYS is not set, although it is, below.
process.env.WRANGLER_LOG = 'error';

// Vitest sends workerd each module and gets each log line over a WebSocket of this machine. Compressing that, which
// Miniflare's ws has no option against, took a third of Vitest's CPU: the extension is not offered.
const { request } = http;
http.request = (...given: readonly unknown[]) => {
  const [{ headers } = {}] = given as readonly [{ readonly headers?: http.OutgoingHttpHeaders }?];
  if (headers) delete headers['Sec-WebSocket-Extensions'];
  return request(...(given as Parameters<typeof request>));
};

// Stores of tests are in memory where the machine has room for it: on a disk, D1's writes take a fifth of the time.
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;
if (existsSync(MEMORY)) {
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize > ROOM_BYTES) process.env.TMPDIR = MEMORY;
}

// Verifiers of hashes need WebAssembly as workerd loads it.
const IN_PLAIN_NODE = ['test/domain/**/!(verifiers).test.ts'];
const IN_NODE = ['test/node/**/*.test.ts', 'test/browser/**/*.test.ts'];

/** These take half a minute each. Vitest orders files by their size, and one of these would run on alone at last. */
const LONGEST = /\/(ended-rights|requests|rows-read|write-limit)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONGEST.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig(async () => ({
  test: {
    // What the Worker logs is shown for a test that fails.
    silent: 'passed-only' as const,
    // Transformed modules stay in node_modules: a file of HTTP tests runs a third sooner, but not in a fresh clone.
    experimental: { fsModuleCache: process.env.CI !== 'true' },
    // Left to itself, Vitest leaves one of two cores idle. With more, browsers run one after the other.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              // All variables, so that neither .dev.vars nor the environment changes a test.
              bindings: {
                ISSUER: 'http://localhost:8787',
                CORS_ORIGINS: '',
                RATE_LIMITS: 'on',
                KV_LIES: process.env.KV_LIES ?? '',
                // The long forms: npm run test:faults, test:fuzz and test:races.
                FAULTS: process.env.FAULTS ?? '',
                FUZZ_RUNS: process.env.FUZZ_RUNS ?? '',
                FUZZ_SEED: process.env.FUZZ_SEED ?? '',
                RACE_ROUNDS: process.env.RACE_ROUNDS ?? '',
                TEST_MIGRATIONS: await readD1Migrations(path.join(import.meta.dirname, 'drizzle')),
                ...(await newSecrets()),
              },
            },
          }),
        ],
        test: {
          name: 'workers',
          include: ['test/**/*.test.ts'],
          exclude: [...IN_PLAIN_NODE, ...IN_NODE],
          setupFiles: ['./test/setup.ts'],
          testTimeout: 30_000,
          // A third worker runs while the others wait for D1. The other projects are done by then.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          // Starting a workerd for each file took as long as the tests; test/setup.ts empties the shared one instead.
          isolate: false,
          restoreMocks: true,
        },
      },
      // Without workerd and WASM: a module of its own for each file would cost more than the tests.
      { test: { name: 'unit', include: IN_PLAIN_NODE, testTimeout: 30_000, isolate: false, restoreMocks: true } },
      {
        test: {
          name: 'node',
          include: IN_NODE,
          globalSetup: ['./test/node/support/bundled.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}));
