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

/** A loop sends as fast as it is answered. */
const LOOP = { connections: 16 };
/** Writes a second, of which an account may make six. An isolate holds back more refusals than any of these at once. */
const SLOW = { rate: 100, connections: 256 };
const FAST = { rate: 1000, connections: 256 };
const WIDE = { rate: 1000, connections: 1024 };

interface Row {
  readonly who: string;
  readonly flooded: Figures;
  /** Answers a second, and the share of refusals among them. */
  readonly answersPerSecond: number;
  readonly refused: number;
  readonly ratio: number;
  /** Undefined where the account is not what delays the others. */
  readonly met: boolean | undefined;
}

interface Flood {
  readonly quiet: Figures;
  readonly rows: readonly Row[];
}

/** Who floods: `rate` writes a second, or in a loop as many as are answered. */
interface Flooding {
  readonly who: string;
  readonly headers?: Sender['headers'];
  readonly rate?: number;
  readonly connections: number;
  readonly isAsked: boolean;
}

/** As many words as an entity is indexed by, which no other entity has. */
const words = Array.from({ length: 200 }, (_, i) => `w{n}x${i}`).join(' ');
const dearest = JSON.stringify({ code: 'flood-{n}', type: 'bench', quantity: 1, attributes: { words } });

export const flood = ({ bindings, options: { seconds } }: Bench): Promise<Report> =>
  withServers(['ours', 'refusing'], { ...bindings, RATE_LIMITS: 'on' }, async (get) => {
    const { quiet, rows } = await floodsOf(get('ours'), seconds, (headers) => [
      ...[SLOW, FAST, WIDE, LOOP].map((load) => ({ who: 'one account', headers, ...load, isAsked: true })),
      { who: 'a client without a token', ...LOOP, isAsked: false },
    ]);
    const first = await floodsOf(get('refusing'), seconds, () => [
      { who: 'somebody whom the first line of a Worker refuses', ...FAST, isAsked: false },
    ]);
    const data = { quiet, rows: [...rows, ...first.rows] };
    return {
      data,
      text: tableOf(data),
      failures: data.rows.every(({ met }) => met !== false) ? [] : ['one account slows the others down'],
    };
  });

/** Each part takes `seconds`: first without a flood, then with each. */
async function floodsOf(
  server: Server,
  seconds: number,
  floodings: (headers: Sender['headers']) => readonly Flooding[],
): Promise<Flood> {
  const { origin } = server;
  const [owner, attacker] = [newPerson(), newPerson()];
  for (const person of [owner, attacker]) await call(`${origin}/api/register`, person);
  const { auth_token: token } = (await call<{ auth_token: string }>(`${origin}/auth/login`, attacker)).body;
  const load = { warmUpSeconds: 1, seconds, maxRequests: Number.MAX_SAFE_INTEGER };
  const refreshing = async () =>
    measure(server, await refreshes(origin, owner), { ...load, connections: CLIENTS, rate: REFRESHES_PER_SECOND });
  const quiet = await refreshing();
  const rows: Row[] = [];
  for (const { who, headers, rate, connections, isAsked } of floodings(bearer(token))) {
    const shot: Shot = { method: 'POST', path: '/entities', senders: [{ ...(headers && { headers }), body: dearest }] };
    const writes = measure(server, shot, { ...load, connections, priority: 'background', ...(rate && { rate }) });
    const [flooded, { perSecond, failed, unanswered, requests }] = await Promise.all([refreshing(), writes]);
    const ratio = flooded.p95 / quiet.p95;
    const met = isAsked ? ratio <= MOST : undefined;
    rows.push({
      who: `${who} tries ${rate === undefined ? 'in a loop' : `${rate} writes a second`} on ${connections} connections`,
      flooded,
      answersPerSecond: perSecond,
      refused: (failed - unanswered) / requests,
      ratio,
      met,
    });
  }
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
      ({ who, flooded, answersPerSecond, refused, ratio, met }) =>
        `${timesOf(flooded)}  while ${who} and gets ${answersPerSecond.toFixed(0)} answers a second, ` +
        `${(100 * refused).toFixed(1)} % refusals: p95 ${ratio.toFixed(2)} times${MET[String(met)]}`,
    ),
    `${MOST} times asked`,
  ].join('\n');

const timesOf = ({ p50, p95, p99 }: Figures): string =>
  [p50, p95, p99].map((ms) => ms.toFixed(2).padStart(8)).join('  ');
