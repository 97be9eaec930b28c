// Workers are bundled here exactly as a deploy bundles them: by wrangler, from wrangler.toml.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, wranglerBin, wranglerEnv } from '../scripts/wrangler.ts';

const run = promisify(execFile);

export const wrangle = (args: readonly string[], project: string = root) =>
  run(process.execPath, [wranglerBin, ...args], {
    cwd: project,
    env: { ...wranglerEnv, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });

export interface Bundle {
  readonly directory: string;
  /** esbuild's metafile of it. */
  readonly metafile: string;
}

/** Bundles the Worker whose entry is `entry`, a path from the root of `project`, into `directory`. */
export async function bundle(entry: string, directory: string, project: string = root): Promise<Bundle> {
  const metafile = join(directory, 'bundle-meta.json');
  await wrangle(['deploy', entry, '--dry-run', `--outdir=${directory}`, `--metafile=${metafile}`], project);
  return { directory, metafile };
}
