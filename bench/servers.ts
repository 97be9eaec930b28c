// Every Worker of a run, each bundled once and in a workerd of its own; those that are not loaded sleep.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './build.ts';
import { migrate, type Server, serve } from './server.ts';
import type { ServerName } from './subject.ts';
import { fillLimits } from './subjects/limits.ts';
import { migratePeer } from './subjects/peer.ts';

/** In memory where the system has a place for it: how fast this disk syncs is no part of what a Worker costs. */
const STATE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

interface Start {
  readonly entry: string;
  /** Prepares its stores. */
  fill(server: Server): Promise<void>;
}

const STARTS: Readonly<Record<ServerName, Start>> = {
  limits: { entry: 'bench/workers/limits.ts', fill: (server) => migrate(server).then(() => fillLimits(server)) },
  ours: { entry: 'src/index.ts', fill: migrate },
  large: { entry: 'src/index.ts', fill: migrate },
  access: { entry: 'bench/workers/access.ts', fill: migrate },
  distance: { entry: 'bench/workers/distance.ts', fill: migrate },
  peer: { entry: 'bench/peers/better-auth.ts', fill: migratePeer },
  'peer-cached': { entry: 'bench/peers/better-auth.ts', fill: migratePeer },
  'peer-scripted': { entry: 'bench/peers/better-auth.ts', fill: migratePeer },
};

export interface Servers {
  readonly get: (name: ServerName) => Server;
  close(): Promise<void>;
}

/** Starts the named servers with `bindings` added to what wrangler.toml gives them. */
export async function startServers(names: ReadonlySet<ServerName>, bindings: Record<string, string>): Promise<Servers> {
  const directory = mkdtempSync(join(STATE, 'latchkey-bench-'));
  const running = new Map<ServerName, Server>();
  const close = async () => {
    await Promise.all([...running.values()].map((server) => server.close()));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    for (const name of names) {
      const { entry, fill } = STARTS[name];
      const { directory: built } = await bundle(entry, join(directory, name));
      const server = await serve(built, join(directory, `${name}-state`), { ...bindings, PEER: name });
      running.set(name, server);
      await fill(server);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const get = (name: ServerName): Server => {
    const server = running.get(name);
    if (!server) throw new Error(`${name} was not started`);
    return server;
  };
  return { get, close };
}
