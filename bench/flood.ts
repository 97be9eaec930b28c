// `npm run bench -- --flood`: one account writes as much as it can, and another one refreshes meanwhile.
import { measure } from './measure.ts';
import type { Bench, Report } from './report.ts';
import type { Server } from './server.ts';
import { withServers } from './servers.ts';
import type { Figures, Shot } from './subject.ts';
import { call, each, newPerson, type Pair } from './subjects/client.ts';

/** The most that one account may cost the others: its p95 over the p95 without it. */
const MOST = 1.5;
const REFRESHES_PER_SECOND = 10;
/** As many clients of the other one, so that none has to wait for its own answer before it is due again. */
const CLIENTS = 10;
const FLOODING_CONNECTIONS = 16;

interface FloodRow {
  readonly quiet: Figures;
  readonly flooded: Figures;
  /** Writes that the account sent, and those of them that were refused. */
  readonly writes: number;
  readonly refused: number;
  readonly ratio: number;
  readonly met: boolean;
}

/** As many words as an entity is found by, in no other entity. */
const words = Array.from({ length: 200 }, (_, i) => `w{n}x${i}`).join(' ');
const dearest = JSON.stringify({ code: 'flood-{n}', type: 'bench', quantity: 1, attributes: { words } });

export const flood = ({ bindings, options: { seconds } }: Bench): Promise<Report> =>
  withServers(['ours'], { ...bindings, RATE_LIMITS: 'on' }, async (get) => {
    const row = await floodAt(get('ours'), seconds);
    return {
      data: { row },
      text: tableOf(row),
      failures: row.met ? [] : ['one account slows the others down'],
    };
  });

/** Each half takes `seconds`: first without the flood, then with it. */
async function floodAt(server: Server, seconds: number): Promise<FloodRow> {
  const { origin } = server;
  const [owner, attacker] = [newPerson(), newPerson()];
  for (const person of [owner, attacker]) await call(`${origin}/api/register`, person);
  const { auth_token: token } = (await call<{ auth_token: string }>(`${origin}/auth/login`, attacker)).body;
  const load = { warmUpSeconds: 1, seconds, maxRequests: Number.MAX_SAFE_INTEGER };
  const refreshing = async () =>
    measure(server, await refreshes(origin, owner), { ...load, connections: CLIENTS, rate: REFRESHES_PER_SECOND });
  const quiet = await refreshing();
  const writing: Shot = {
    method: 'POST',
    path: '/entities',
    senders: [{ headers: { authorization: `Bearer ${token}` }, body: dearest }],
  };
  const [flooded, writes] = await Promise.all([
    refreshing(),
    measure(server, writing, { ...load, connections: FLOODING_CONNECTIONS }),
  ]);
  const ratio = flooded.p95 / quiet.p95;
  return { quiet, flooded, writes: writes.requests, refused: writes.failed, ratio, met: ratio <= MOST };
}

async function refreshes(origin: string, person: object): Promise<Shot> {
  const senders = await each(CLIENTS, async () => {
    const { refresh_token } = (await call<Pair>(`${origin}/api/login`, person)).body;
    return { body: JSON.stringify({ refresh_token }) };
  });
  return { method: 'POST', path: '/api/refresh', senders, chain: 'refresh_token' };
}

const tableOf = ({ quiet, flooded, writes, refused, ratio, met }: FloodRow): string =>
  [
    `POST /api/refresh, ${REFRESHES_PER_SECOND} a second     p50 ms    p95 ms    p99 ms`,
    ...[
      ['alone', quiet] as const,
      [`while one account sends ${writes} writes, of which ${refused} are refused`, flooded] as const,
    ].map(
      ([name, { p50, p95, p99 }]) => `${[p50, p95, p99].map((ms) => ms.toFixed(2).padStart(8)).join('  ')}  ${name}`,
    ),
    `p95 ${ratio.toFixed(2)} times as long, ${met ? 'met' : 'missed'}: ${MOST} asked`,
  ].join('\n');
