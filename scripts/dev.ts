// `npm run dev` starts a Worker from a fresh clone and asks nothing; a second start keeps all data.
import './assets.js';
import { makeFirstAdmin } from './admin-account.ts';
import { printMails } from './dev-mails.ts';
import { isTaken, isUp, serve, stop } from './dev-server.ts';
import { localKeySet, storeLocalKeySet } from './dev-vars.ts';
import { newKeySet, SECRET_NAMES } from './key-set.ts';
import { firstAdmin, welcome } from './samples.ts';
import { migrate } from './wrangler.ts';

const DEFAULT_PORT = 8787;
const PARENT_POLL_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function chosenPort(): number {
  const port = Number(process.env.PORT || DEFAULT_PORT);
  if (process.argv.length > 2) throw new Error('takes no arguments; choose another port by PORT=8788 npm run dev');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT is a number from 1 to 65535');
  return port;
}

async function prepare(port: number): Promise<void> {
  if (await isTaken(port))
    throw new Error(`port ${port} is taken; stop its process, or choose another: PORT=${port + 1} npm run dev`);
  for (const name of SECRET_NAMES) if (!localKeySet(name)) storeLocalKeySet(name, await newKeySet(name));
  await migrate('--local');
  const admin = await makeFirstAdmin('--local');
  if (admin) console.log(firstAdmin(admin));
}

/** At a signal, and when our parent process has ended: a killed npm passes no signal on. */
function onLeave(leave: () => void): void {
  for (const name of SIGNALS) process.on(name, leave);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && leave(), PARENT_POLL_MS).unref();
}

// Set at the first signal to stop; a step under way is finished first, so that no half-made admin is left.
let leaving = false;

async function dev(): Promise<number> {
  const port = chosenPort();
  const origin = `http://localhost:${port}`;
  console.log('Preparing the keys, the local database and its admin …');
  await prepare(port);
  if (leaving) return 0;
  const child = serve(port, origin);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  onLeave(() => void stop(child));
  if (await isUp(child, origin)) {
    console.log(welcome(origin));
    void printMails(origin);
  }
  const code = await ended;
  await stop(child);
  return leaving ? 0 : code || 1;
}

onLeave(() => (leaving = true));
try {
  process.exitCode = await dev();
} catch (error) {
  if (!leaving) console.error(`dev: ${(error as Error).message}`);
  process.exitCode = leaving ? 0 : 1;
}
