// The client's types are generated from the OpenAPI document, and never by hand.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './wrangler.ts';

const generator = `${root}client/node_modules/openapi-typescript/bin/cli.js`;
export const typesFile = `${root}client/src/api.ts`;

/** The TypeScript made from a document. Throws with the generator's output. */
export function typesOf(document: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-client-'));
  try {
    const [source, target] = [join(directory, 'openapi.json'), join(directory, 'api.ts')];
    writeFileSync(source, document);
    const { status, stderr } = spawnSync(process.execPath, [generator, source, '--output', target], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return readFileSync(target, 'utf8');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
