// Checks that the migrations make the schema, and that none of them drops or rebuilds a table.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root } from './wrangler.ts';

// drizzle-kit rebuilds a table as __new_<name>, which deletes what refers to it; a drop loses data for good.
const DESTRUCTIVE = /\bDROP\s+TABLE\b|__new_/i;

function destructive(): readonly string[] {
  const files = globSync('drizzle/*.sql', { cwd: root });
  return files
    .filter((file) => DESTRUCTIVE.test(readFileSync(root + file, 'utf8')))
    .map((file) => `${file} drops or rebuilds a table`);
}

/**
 * Generates into a copy. drizzle-kit exits with 0 after a failure too, and nobody can answer its question about a
 * rename: only its output counts.
 */
function drifted(): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-migrations-'));
  try {
    cpSync(`${root}drizzle`, copy, { recursive: true });
    // drizzle-kit takes --out from here even where it is absolute.
    const args = [
      'generate',
      '--dialect=sqlite',
      '--schema=./src/store/d1/schema/*.ts',
      `--out=${relative(root, copy)}`,
    ];
    const { stdout, stderr } = spawnSync(`${root}node_modules/.bin/drizzle-kit`, args, {
      cwd: root,
      stdio: 'pipe',
      encoding: 'utf8',
    });
    if (stdout.includes('No schema changes')) return [];
    return [`src/store/d1/schema has changes that no migration makes (npx drizzle-kit generate)\n${stdout}${stderr}`];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const found = [...destructive(), ...drifted()];
if (found.length > 0) {
  console.error(`migrations: ${found.join('\n')}`);
  process.exitCode = 1;
}
