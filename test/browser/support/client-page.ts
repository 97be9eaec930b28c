// A page that loads the client as it is published: compiled modules and an import map, from an origin that is not the
// Worker's.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type * as LatchkeyClient from '../../../client/src/index.ts';
import { root } from '../../../scripts/wrangler.ts';

/** The globals of a tab: the page sets the first, a test the others. */
declare global {
  var latchkeyClient: typeof LatchkeyClient;
  var latchkey: LatchkeyClient.Latchkey;
  var ended: string[];
}

const HTML = `<!doctype html><title>client</title>
<script type="importmap">{"imports": {
  "latchkey-client": "/client/index.js", "openapi-fetch": "/openapi-fetch.js", "idb-keyval": "/idb-keyval.js"
}}</script>
<script type="module">globalThis.latchkeyClient = await import('latchkey-client');</script>`;

const PACKAGES: Readonly<Record<string, string>> = {
  '/openapi-fetch.js': `${root}node_modules/openapi-fetch/dist/index.mjs`,
  '/idb-keyval.js': `${root}node_modules/idb-keyval/dist/index.js`,
};

export interface Pages {
  readonly origin: string;
  close(): void;
}

export async function clientPages(): Promise<Pages> {
  const built = mkdtempSync(join(tmpdir(), 'latchkey-client-'));
  execFileSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}client`, '--outDir', built]);
  const server = createServer(({ url = '/' }, answer) => {
    if (!url.endsWith('.js')) return answer.setHeader('Content-Type', 'text/html').end(HTML);
    const file = PACKAGES[url] ?? join(built, basename(url));
    return answer.setHeader('Content-Type', 'text/javascript').end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    origin: `http://localhost:${port}`,
    close: () => {
      server.close();
      rmSync(built, { recursive: true, force: true });
    },
  };
}
