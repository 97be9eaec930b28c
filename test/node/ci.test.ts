// The workflows run actions at reviewed commits, and Dependabot updates every lock file.
import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';

const read = (file: string): string => readFileSync(root + file, 'utf8');

const uses = globSync('.github/workflows/*.{yml,yaml}', { cwd: root })
  .flatMap((file) => read(file).split('\n'))
  .filter((line) => /\buses:/.test(line));

it('every action is pinned by its full commit hash, with its version in a comment', () => {
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((line) => !/\buses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

it('Dependabot updates the actions and every lock file, and no workspace apart from its lock file', () => {
  const entries = [...read('.github/dependabot.yml').matchAll(/package-ecosystem: (\S+)\n +directory: (\S+)/g)];
  const lockFiles = globSync('**/package-lock.json', { cwd: root, exclude: ['**/node_modules/**'] });
  const folders = lockFiles.map((file) => `npm /${dirname(file)}`.replace('/.', '/'));
  expect(entries.map(([, ecosystem, folder]) => `${ecosystem} ${folder}`).sort()).toEqual(
    ['github-actions /', ...folders].sort(),
  );
});
