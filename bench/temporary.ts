// Temporary directories that are removed after their work, and after Ctrl-C too.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A new directory below `parent` while `work` runs; `leaving` is called before it is removed. */
export async function withDirectory<T>(
  parent: string,
  prefix: string,
  work: (directory: string) => Promise<T>,
  leaving?: (directory: string) => void,
): Promise<T> {
  const directory = mkdtempSync(join(parent, prefix));
  const remove = (): void => {
    leaving?.(directory);
    // A workerd that is being ended may still write.
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  const interrupted = (): never => process.exit(130);
  process.once('exit', remove).once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await work(directory);
  } finally {
    remove();
    process.off('exit', remove).off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}
