// The Worker as a deploy bundles it: once a run, when the first file asks for it, and removed when the run ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type Bundle, bundle } from '../../../bench/build.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Who bundles it. */
    readonly bundler: string;
  }
}

/** Resolves to the directory of the bundle. */
export async function bundled(): Promise<string> {
  const answer = await fetch(inject('bundler'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

/** Vitest calls it before the files of the project, and what it returns after them. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-bundle-'));
  // After Ctrl-C too.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  let bundling: Promise<Bundle> | undefined;
  const server = createServer((_, answer) => {
    bundling ??= bundle('src/index.ts', directory);
    bundling.then(
      () => answer.end(directory),
      (error) => answer.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  provide('bundler', `http://127.0.0.1:${port}`);
  return async () => {
    server.close().closeAllConnections();
    await bundling?.catch(() => undefined);
  };
}
