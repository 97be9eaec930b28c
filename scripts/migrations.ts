// The migrations say what the schema says, and none of them drops or rebuilds a table.
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './wrangler.ts';

// drizzle-kit rebuilds a table as __new_<name>, which deletes what refers to it; a drop loses data for good.
const DESTRUCTIVE = /\bDROP\s+TABLE\b|__new_/i;

function destructive(): readonly string[] {
  const files = globSync('drizzle/*.sql', { cwd: root });
  return files.filter((file) => DESTRUCTIVE.test(readFileSync(root + file, 'utf8'))).map((file) => `${file} drops or rebuilds a table`);
}

/** Generates into a copy; a question that drizzle-kit would ask about a rename fails here, since there is nobody to answer. */
function drifted(): readonly string[] {
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-migrations-'));
  try {
    cpSync(`${root}drizzle`, copy, { recursive: true });
    const before = readdirSync(copy).length;
    const args = ['generate', '--dialect', 'sqlite', '--schema', `${root}src/store/schema.ts`, '--out', copy];
    execFileSync(`${root}node_modules/.bin/drizzle-kit`, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    return readdirSync(copy).length === before ? [] : ['src/store/schema.ts has changes that no migration makes: npx drizzle-kit generate'];
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    return [`drizzle-kit generate failed:\n${stdout ?? ''}${stderr ?? error}`];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const found = [...destructive(), ...drifted()];
if (found.length > 0) {
  console.error(`migrations: ${found.join('\n')}`);
  process.exitCode = 1;
}
