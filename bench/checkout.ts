// Another version of the project in a temporary git worktree, with packages of its own where its lock file differs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/wrangler.ts';

const LOCK_FILE = 'package-lock.json';

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

export interface Checkout {
  readonly directory: string;
  readonly commit: string;
}

/** Checks `ref` out for the time of `work`; throws where there is no such ref. Ctrl-C removes it, too. */
export async function withCheckout<T>(ref: string, work: (checkout: Checkout) => Promise<T>): Promise<T> {
  const commit = git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  const temporary = mkdtempSync(join(tmpdir(), 'latchkey-compare-'));
  const directory = join(temporary, 'project');
  const remove = (): void => {
    if (existsSync(directory)) git('worktree', 'remove', '--force', directory);
    rmSync(temporary, { recursive: true, force: true });
  };
  const interrupted = (): never => process.exit(130);
  process.once('exit', remove).once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    git('worktree', 'add', '--detach', directory, commit);
    addPackages(directory);
    return await work({ directory, commit: commit.slice(0, 9) });
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', interrupted).off('SIGTERM', interrupted);
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
