// `npm run bench -- --flood`: one account writes as fast as it can while another one refreshes.
import { measure } from './measure.ts';
import type { Bench, Report } from './report.ts';
import type { Server } from './server.ts';
import { withServers } from './servers.ts';
import type { Figures, Sender, Shot } from './subject.ts';
import { bearer, call, each, newPerson, type Pair } from './subjects/client.ts';

/** The most that one account may cost the others: its p95 over the p95 without it. */
const MOST = 1.5;
const REFRESHES_PER_SECOND = 10;
/** Clients of the other account: enough that none is due again before its last answer. */
const CLIENTS = 10;
const FLOODING_CONNECTIONS = 16;

/** Writes a second; an account may make six. */
const RATES = [100, 1000];

interface Row {
  readonly who: string;
  readonly flooded: Figures;
  /** Writes a second that were sent, and the share of them that was refused. */
  readonly writesPerSecond: number;
  readonly refused: number;
  readonly ratio: number;
  /** Undefined where workerd has no time left: then the delay is not caused by the account. */
  readonly met: boolean | undefined;
}

interface Flood {
  readonly quiet: Figures;
  readonly rows: readonly Row[];
}

/** As many words as an entity is indexed by, which no other entity has. */
const words = Array.from({ length: 200 }, (_, i) => `w{n}x${i}`).join(' ');
const dearest = JSON.stringify({ code: 'flood-{n}', type: 'bench', quantity: 1, attributes: { words } });

export const flood = ({ bindings, options: { seconds } }: Bench): Promise<Report> =>
  withServers(['ours'], { ...bindings, RATE_LIMITS: 'on' }, async (get) => {
    const data = await floodsOf(get('ours'), seconds);
    return {
      data,
      text: tableOf(data),
      failures: data.rows.every(({ met }) => met !== false) ? [] : ['one account slows the others down'],
    };
  });

/** Each part takes `seconds`: first without a flood, then with each. */
async function floodsOf(server: Server, seconds: number): Promise<Flood> {
  const { origin } = server;
  const [owner, attacker] = [newPerson(), newPerson()];
  for (const person of [owner, attacker]) await call(`${origin}/api/register`, person);
  const { auth_token: token } = (await call<{ auth_token: string }>(`${origin}/auth/login`, attacker)).body;
  const load = { warmUpSeconds: 1, seconds, maxRequests: Number.MAX_SAFE_INTEGER };
  const refreshing = async () =>
    measure(server, await refreshes(origin, owner), { ...load, connections: CLIENTS, rate: REFRESHES_PER_SECOND });
  const quiet = await refreshing();
  const during = async (who: string, headers: Sender['headers'], rate?: number): Promise<Row> => {
    const shot: Shot = { method: 'POST', path: '/entities', senders: [{ ...(headers && { headers }), body: dearest }] };
    const flooding = { ...load, connections: FLOODING_CONNECTIONS, priority: 'background' as const };
    const writes = measure(server, shot, { ...flooding, ...(rate && { rate }) });
    const [flooded, { perSecond, failed, requests }] = await Promise.all([refreshing(), writes]);
    const ratio = flooded.p95 / quiet.p95;
    return {
      who,
      flooded,
      writesPerSecond: perSecond,
      refused: failed / requests,
      ratio,
      met: rate === undefined ? undefined : ratio <= MOST,
    };
  };
  const rows: Row[] = [];
  for (const rate of RATES) rows.push(await during('one account', bearer(token), rate));
  rows.push(await during('one account, as fast as it can,', bearer(token)));
  rows.push(await during('a client without a token, as fast as it can,', undefined));
  return { quiet, rows };
}

async function refreshes(origin: string, person: object): Promise<Shot> {
  const senders = await each(CLIENTS, async () => {
    const { refresh_token } = (await call<Pair>(`${origin}/api/login`, person)).body;
    return { body: JSON.stringify({ refresh_token }) };
  });
  return { method: 'POST', path: '/api/refresh', senders, chain: 'refresh_token' };
}

const MET: Readonly<Record<string, string>> = { true: ', met', false: ', missed', undefined: '' };

const tableOf = ({ quiet, rows }: Flood): string =>
  [
    `POST /api/refresh, ${REFRESHES_PER_SECOND} a second     p50 ms    p95 ms    p99 ms`,
    `${timesOf(quiet)}  alone`,
    ...rows.map(
      ({ who, flooded, writesPerSecond, refused, ratio, met }) =>
        `${timesOf(flooded)}  while ${who} sends ${writesPerSecond.toFixed(0)} writes a second, ` +
        `${(100 * refused).toFixed(1)} % refused: p95 ${ratio.toFixed(2)} times${MET[String(met)]}`,
    ),
    `${MOST} times asked`,
  ].join('\n');

const timesOf = ({ p50, p95, p99 }: Figures): string =>
  [p50, p95, p99].map((ms) => ms.toFixed(2).padStart(8)).join('  ');
