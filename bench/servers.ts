// Every Worker of a run, each bundled once and in a workerd of its own; those that are not loaded are idle.
import { existsSync, globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { root } from '../scripts/wrangler.ts';
import { bundle } from './build.ts';
import { fillEntities, fillLimits } from './fill.ts';
import { addAdmin, fillRows, SIZES } from './rows/fill.ts';
import { migrate, type Server, serve } from './server.ts';
import type { ServerName } from './subject.ts';
import { migratePeer } from './subjects/peer.ts';
import { withDirectory } from './temporary.ts';

/** In memory where the system has a place for it: the speed of this disk must not count as a Worker's cost. */
const STATE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

interface Start {
  readonly entry: string;
  /** Fills its stores once they are migrated; the peer migrates its own. */
  readonly fill?: (server: Server) => Promise<void>;
  readonly migrate?: (server: Server) => Promise<void>;
  /** Fills the file of its database, for which it is started once more. */
  readonly fillFile?: (db: DatabaseSync) => void;
}

const STARTS: Readonly<Record<ServerName, Start>> = {
  limits: { entry: 'bench/workers/limits.ts', fill: fillLimits },
  ours: { entry: 'src/index.ts', fill: fillEntities },
  other: { entry: 'src/index.ts', fill: fillEntities },
  small: { entry: 'src/index.ts', fill: addAdmin, fillFile: (db) => fillRows(db, SIZES.small) },
  large: { entry: 'src/index.ts', fill: addAdmin, fillFile: (db) => fillRows(db, SIZES.large) },
  access: { entry: 'bench/workers/access.ts' },
  distance: { entry: 'bench/workers/distance.ts' },
  refusing: { entry: 'bench/workers/refusing.ts' },
  peer: { entry: 'bench/peers/better-auth.ts', migrate: migratePeer },
  'peer-cached': { entry: 'bench/peers/better-auth.ts', migrate: migratePeer },
  'peer-scripted': { entry: 'bench/peers/better-auth.ts', migrate: migratePeer },
};

type Get = (name: ServerName) => Server;

/**
 * Starts the named servers while `work` runs, with `bindings` added to what wrangler.toml gives them; from this
 * project, or from another one of `projects`, with its own migrations.
 */
export async function withServers<T>(
  names: Iterable<ServerName>,
  bindings: Readonly<Record<string, string>>,
  work: (get: Get) => Promise<T>,
  projects: Readonly<Partial<Record<ServerName, string>>> = {},
): Promise<T> {
  return withDirectory(STATE, 'latchkey-bench-', async (directory) => {
    const running = new Map<ServerName, Server>();
    try {
      for (const name of new Set(names))
        running.set(name, await start(name, directory, { ...bindings, PEER: name }, projects[name] ?? root));
      return await work((name) => runningServer(running, name));
    } finally {
      await Promise.all([...running.values()].map((server) => server.close()));
    }
  });
}

/** Starts a server below `directory`, with its stores filled. */
async function start(
  name: ServerName,
  directory: string,
  bindings: Record<string, string>,
  project: string,
): Promise<Server> {
  const { entry, fill, fillFile, migrate: migrated = migrate } = STARTS[name];
  const [bundled, state] = [join(directory, name), join(directory, `${name}-state`)];
  await bundle(entry, bundled, project);
  const server = await serve(bundled, state, bindings, project);
  await migrated(server);
  await fill?.(server);
  if (!fillFile) return server;
  await server.close();
  const db = new DatabaseSync(databaseIn(state));
  fillFile(db);
  db.close();
  return serve(bundled, state, bindings, project);
}

/** The file of the one D1 database that Miniflare stores in `state`. */
function databaseIn(state: string): string {
  const [file] = globSync('d1/*/!(metadata).sqlite', { cwd: state });
  if (!file) throw new Error(`no database in ${state}`);
  return join(state, file);
}

function runningServer(running: ReadonlyMap<ServerName, Server>, name: ServerName): Server {
  const server = running.get(name);
  if (!server) throw new Error(`${name} was not started`);
  return server;
}
