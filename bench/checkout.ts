// Another version of the project in a temporary git worktree, with packages of its own where its lock file differs.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/wrangler.ts';
import { withDirectory } from './temporary.ts';

const LOCK_FILE = 'package-lock.json';

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

export interface Checkout {
  readonly directory: string;
  readonly commit: string;
}

/** Checks `ref` out while `work` runs; throws where there is no such commit. */
export async function withCheckout<T>(ref: string, work: (checkout: Checkout) => Promise<T>): Promise<T> {
  const commit = commitOf(ref);
  const projectIn = (temporary: string): string => join(temporary, 'project');
  return withDirectory(
    tmpdir(),
    'latchkey-compare-',
    async (temporary) => {
      const directory = projectIn(temporary);
      git('worktree', 'add', '--detach', directory, commit);
      addPackages(directory);
      return work({ directory, commit: commit.slice(0, 9) });
    },
    (temporary) => {
      if (existsSync(projectIn(temporary))) git('worktree', 'remove', '--force', projectIn(temporary));
    },
  );
}

function commitOf(ref: string): string {
  try {
    return git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  } catch (cause) {
    throw new Error(`no such commit: ${ref}`, { cause });
  }
}

/** Shares our packages where both lock files are the same. */
function addPackages(directory: string): void {
  const [ours, theirs] = [root, directory].map((project) => readFileSync(join(project, LOCK_FILE), 'utf8'));
  if (ours === theirs) {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir');
    return;
  }
  console.error('installing the packages of the other version …');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
