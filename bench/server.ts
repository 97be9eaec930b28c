// Runs a bundle in workerd with a socket of its own: no proxy in front, local D1 and KV behind, all removed afterwards.
import { EventEmitter } from 'node:events';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } from 'wrangler';
import { root, wranglerBin } from '../scripts/wrangler.ts';

// wrangler's Miniflare, which runs `wrangler dev`, and not the test runner's.
const { Miniflare, convertV4MiniflareOptions } = createRequire(wranglerBin)('miniflare') as typeof import('miniflare');

interface Lines {
  readonly line: [string];
}

export interface Server {
  readonly origin: string;
  /** The process id of workerd; undefined where the system doesn't tell. */
  readonly pid: number | undefined;
  readonly miniflare: InstanceType<typeof Miniflare>;
  /** The root of the project whose Worker it is. */
  readonly project: string;
  /** Receives the Worker's log as it comes. */
  readonly log: EventEmitter<Lines>;
  close(): Promise<void>;
}

/** A Worker alone, or with its assets, its mail and the local explorer, behind the entry that `wrangler dev` has. */
type Extent = 'bare' | 'whole';

/**
 * Starts the bundle in `directory`, with its stores empty below `state`; without one they vanish with it. `bindings`
 * are added to those of the project's wrangler.toml, or replace them.
 */
export async function serve(
  directory: string,
  state: string | undefined,
  bindings: Readonly<Record<string, string>>,
  project: string = root,
  extent: Extent = 'bare',
): Promise<Server> {
  process.env.WRANGLER_LOG = 'error'; // its own checks would miss the secrets in `bindings`
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(project, 'wrangler.toml'));
  const { compatibilityDate, kvNamespaces, d1Databases, ratelimits, versionMetadata, assets, email } = workerOptions;
  const before = workerds();
  const log = new EventEmitter<Lines>();
  const options = {
    name: 'bench',
    compatibilityDate: String(compatibilityDate),
    modules: modulesIn(directory),
    modulesRoot: directory,
    ...{ kvNamespaces, d1Databases, ratelimits, versionMetadata },
    bindings: { ...Object(workerOptions.bindings), ...bindings },
    resourcePersistencePath: state,
    ...(extent === 'bare'
      ? { unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
      : { assets, email, unsafeLocalExplorer: true }),
    cf: false,
    handleStructuredLogs: passOn(log),
  };
  const miniflare = new Miniflare(convertV4MiniflareOptions(options as V4Options)); // options and Miniflare of wrangler
  const entry = await miniflare.ready;
  const { origin } = extent === 'bare' ? await miniflare.unsafeGetDirectURL() : entry;
  const pid = [...workerds()].find((id) => !before.has(id));
  return { origin, pid, miniflare, project, log, close: () => miniflare.dispose() };
}

type V4Options = Parameters<typeof convertV4MiniflareOptions>[0];

/** The Worker writes a line for each request, which mostly nobody reads; of the errors the first few are enough. */
function passOn(log: EventEmitter<Lines>) {
  let left = 3;
  return ({ level, message }: { readonly level: string; readonly message: string }): void => {
    if (level === 'error' && left-- > 0) console.error(message);
    log.emit('line', message);
  };
}

/** The entry comes first: it is the Worker. */
const modulesIn = (directory: string) => [
  ...globSync('*.js', { cwd: directory }).map((file) => ({ type: 'ESModule' as const, path: join(directory, file) })),
  ...globSync('*.wasm', { cwd: directory }).map((file) => ({
    type: 'CompiledWasm' as const,
    path: join(directory, file),
  })),
];

/**
 * Applies the migrations in one call, a statement on each line. Miniflare prepares a statement by a call that Node
 * waits for, and one for each took longer than all else that starts a server.
 */
export async function migrate({ miniflare, project }: Server): Promise<void> {
  const db = await miniflare.getD1Database('DB');
  const statements = globSync('drizzle/*.sql', { cwd: project })
    .sort()
    .flatMap((file) => unstable_splitSqlQuery(readFileSync(join(project, file), 'utf8')));
  await db.exec(statements.map(onOneLine).join('\n'));
}

/** The migrations have comments in lines of their own, and no line break in a string. */
const onOneLine = (statement: string): string => statement.replaceAll(/^\s*--.*$/gm, '').replaceAll(/\s*\n\s*/g, ' ');

/** The ids of our children that are workerd. Linux alone tells. */
function workerds(): ReadonlySet<number> {
  const children = (pid: string): string[] => {
    try {
      return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
        readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '),
      );
    } catch {
      return []; // no /proc, or a process that has just ended
    }
  };
  const family = (pid: string): string[] => children(pid).flatMap((child) => (child ? [child, ...family(child)] : []));
  return new Set(
    family(String(process.pid))
      .filter((pid) => nameOf(pid) === 'workerd')
      .map(Number),
  );
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
