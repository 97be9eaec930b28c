// `npm run bench`: our operations, the runtime's limits and a peer, in turn, in one run; `--json` for machines.
import { parseArgs } from 'node:util';
import { newSecrets } from '../scripts/key-set.ts';
import { distanceAt, distanceTable } from './distance.ts';
import { floodAt, floodTable } from './flood.ts';
import { measure } from './measure.ts';
import { installPeers } from './peers/install.ts';
import { rowsAt, rowsTable } from './rows.ts';
import { scaleRows, scaleTables } from './scale/simulation.ts';
import { type Servers, startServers } from './servers.ts';
import { type Figures, inTurn, type Subject } from './subject.ts';
import { limitSubjects } from './subjects/limits.ts';
import { ourSubjects } from './subjects/ours.ts';
import { peerSubjects } from './subjects/peer.ts';
import { rowsOf, tableOf } from './table.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    distance: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1.5' },
    /** Only subjects whose name has this in it, and what they are held against. */
    only: { type: 'string', default: '' },
  },
});

/** What must cost the same however many rows there are. */
const GROWING = ['GET /entities/{id}, token', 'GET /entities?limit=20, token', 'POST /api/refresh'];
const MAX_REQUESTS = 50_000;
const WARM_UP_SECONDS = 0.4;
const ISSUER = 'http://localhost:8787';

const secrets = await newSecrets();
// The flood limits are for strangers; one benchmark would be all of them.
const bindings = { ...secrets, ISSUER, RATE_LIMITS: 'off' };

if (options.scale) benchScale();
else if (options.flood) await benchFlood();
else await (options.distance ? benchDistance() : options.rows ? benchRows() : benchRates());

async function benchFlood(): Promise<void> {
  installPeers();
  const servers = await startServers(new Set(['ours']), { ...bindings, RATE_LIMITS: 'on' });
  try {
    const row = await floodAt(servers.get('ours'), Number(options.seconds));
    say({ row }, floodTable(row));
    failIf(!row.met, 'one account slows the others down');
  } finally {
    await servers.close();
  }
}

function benchScale(): void {
  const rows = scaleRows();
  say({ rows }, scaleTables(rows));
}

async function benchRates(): Promise<void> {
  installPeers();
  const subjects = chosen([...limitSubjects(secrets, ISSUER), ...ourSubjects, ...peerSubjects], options.only);
  const servers = await startServers(new Set(subjects.map(({ server }) => server)), bindings);
  try {
    const rounds: ReadonlyMap<string, Figures>[] = [];
    for (let round = 1; round <= Number(options.rounds); round += 1) {
      console.error(`round ${round} of ${options.rounds}: ${subjects.length} subjects`);
      rounds.push(await roundOf(servers, subjects));
    }
    const rows = rowsOf(subjects, rounds);
    say({ rows, rounds: rounds.map((round) => Object.fromEntries(round)) }, tableOf(rows));
    failIf(
      rows.some(({ failed }) => failed > 0),
      'some answers were no success',
    );
  } finally {
    await servers.close();
  }
}

async function benchDistance(): Promise<void> {
  const servers = await startServers(new Set(['distance']), bindings);
  try {
    const rows = await distanceAt(servers.get('distance').origin);
    say({ rows }, distanceTable(rows));
    failIf(
      rows.some(({ met }) => !met),
      'some operations wait for more than their budget',
    );
  } finally {
    await servers.close();
  }
}

async function benchRows(): Promise<void> {
  installPeers();
  const servers = await startServers(new Set(['ours', 'large']), bindings);
  try {
    const subjects = ourSubjects.filter(({ name }) => GROWING.includes(name));
    const rows = await rowsAt([servers.get('ours'), servers.get('large')], subjects, Number(options.seconds));
    say({ rows }, rowsTable(rows));
    failIf(
      rows.some(({ met }) => !met),
      'some operations cost more in a large database',
    );
  } finally {
    await servers.close();
  }
}

function say(machines: object, people: string): void {
  console.log(options.json ? JSON.stringify(machines, null, 2) : people);
}

function failIf(failed: boolean, why: string): void {
  if (!failed) return;
  console.error(why);
  process.exitCode = 1;
}

async function roundOf(running: Servers, all: readonly Subject[]): Promise<ReadonlyMap<string, Figures>> {
  const figures = new Map<string, Figures>();
  for (const { name, server, connections, rate, shot } of inTurn(all)) {
    const { origin, pid } = running.get(server);
    const bounds = { warmUpSeconds: WARM_UP_SECONDS, seconds: Number(options.seconds), maxRequests: MAX_REQUESTS };
    figures.set(name, await measure({ origin, pid, connections, rate, shot: await shot(origin), ...bounds }));
  }
  return figures;
}

function chosen(all: readonly Subject[], part: string): readonly Subject[] {
  const wanted = all.filter(({ name }) => name.includes(part));
  const beside = new Set(wanted.flatMap(({ against = [] }) => against.map(({ name }) => name)));
  return all.filter((subject) => wanted.includes(subject) || beside.has(subject.name));
}
