// Whether an attacker could distinguish a known account from an unknown one by time: `npm run test:timing` reports it
// and asserts nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../bench/build.ts';
import { median } from '../../bench/subject.ts';
import { newSecrets } from '../../scripts/key-set.ts';
import { start } from './local-server.ts';

const TRIES = Number(process.env.TRIES || 200);
/** Ten wrong passwords would lock an account, and a locked one is answered sooner. */
const TRIES_AN_ACCOUNT = 8;
const PASSWORD = 'a secret of somebody';

interface Names {
  readonly username: string;
  readonly email: string;
}

type Ask = (names: Names) => Promise<Response>;

const json = { 'Content-Type': 'application/json' };
const nobody = (): Names => {
  const username = crypto.randomUUID();
  return { username, email: `${username}@example.com` };
};

/**
 * P(a known one takes longer), and the significance of its difference from 1/2: Mann and Whitney's U as a z-score.
 */
function compared(
  known: readonly number[],
  unknown: readonly number[],
): { readonly longer: number; readonly z: number } {
  let u = 0;
  for (const a of known) for (const b of unknown) u += a > b ? 1 : a === b ? 0.5 : 0;
  const pairs = known.length * unknown.length;
  const deviation = Math.sqrt((pairs * (known.length + unknown.length + 1)) / 12);
  return { longer: u / pairs, z: (u - pairs / 2) / deviation };
}

/** Long enough for work after an answer, such as sending a mail, to end before the next call. */
const REST_MS = 30;

async function taken(call: () => Promise<Response>): Promise<number> {
  await sleep(REST_MS);
  const startedAt = performance.now();
  const response = await call();
  await response.arrayBuffer();
  return performance.now() - startedAt;
}

/** Known and unknown in turn, in random order, so that both meet the same conditions. */
async function measured(people: () => Names, ask: Ask): Promise<string> {
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let number = 0; number < TRIES; number += 1) {
    const pair = [
      ['known', people()],
      ['unknown', nobody()],
    ] as const;
    for (const [kind, names] of Math.random() < 0.5 ? pair : pair.toReversed())
      times[kind].push(await taken(() => ask(names)));
  }
  const { longer, z } = compared(times.known, times.unknown);
  const [a, b] = [median(times.known), median(times.unknown)];
  const medians = `known ${a.toFixed(2)} ms, unknown ${b.toFixed(2)} ms, difference ${(a - b).toFixed(2)} ms`;
  return `${medians}; P(known longer) ${longer.toFixed(3)}, z ${z.toFixed(2)}`;
}

const directory = mkdtempSync(join(tmpdir(), 'latchkey-timing-'));
await bundle('src/index.ts', join(directory, 'bundle'));
const server = await start(join(directory, 'bundle'), join(directory, 'state'), {
  ...(await newSecrets()),
  // Nothing listens there: the answer is measured, which does not wait for a mail.
  ...{ MAIL_FROM: 'no-reply@latchkey.test', MAIL_API_URL: 'http://127.0.0.1:9', MAIL_API_KEY: 'a key' },
});
const post = (path: string, body: object) =>
  fetch(`${server.origin}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });

const routes: Record<string, Ask> = {
  'POST /api/login': ({ email }) => post('/api/login', { email, password: 'not it' }),
  'POST /auth/login': ({ email }) => post('/auth/login', { email, password: 'not it' }),
  'POST /auth': ({ username }) => post('/auth', { username, password: 'not it' }),
  'POST /token': ({ email }) => post('/token', { email, password: 'not it' }),
  'POST /api/password/forgot': ({ email }) => post('/api/password/forgot', { email }),
};

try {
  const people: Names[] = [];
  for (let count = 0; count <= (TRIES * Object.keys(routes).length) / TRIES_AN_ACCOUNT; count += 1) {
    const names = nobody();
    const { status } = await post('/auth/register', { ...names, password: PASSWORD });
    if (status !== 201) throw new Error(`nobody could sign up: ${status}`);
    people.push(names);
  }
  let turn = 0;
  const next = (): Names => people[turn++ % people.length] ?? nobody();
  console.log(`${TRIES} tries of each kind, with a wrong password where there is one:`);
  for (const [route, ask] of Object.entries(routes)) console.log(`${route}: ${await measured(next, ask)}`);
  const session = (await (await post('/auth', { username: people[0]?.username, password: PASSWORD })).json()) as {
    token: string;
  };
  const headers = { Authorization: `Bearer ${session.token}` };
  const look: Ask = ({ username }) => fetch(`${server.origin}/user/${username}`, { headers });
  const others = () => people[1 + (turn++ % (people.length - 1))] ?? nobody();
  console.log(`GET /user/{username} by a stranger: ${await measured(others, look)}`);
} finally {
  await server.kill();
  rmSync(directory, { recursive: true, force: true });
}
