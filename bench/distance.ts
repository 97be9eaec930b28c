// `npm run bench -- --distance`: what each operation waits for where storage is far, held against HOUSE.md's table of
// round trips.
import { call, newPerson, type Pair, type Person } from './subjects/client.ts';
import { addEntity, addGame, bearer, entityBody } from './subjects/ours.ts';

interface Waited {
  readonly milliseconds: number;
  readonly stores: readonly string[];
}

/** Round trips that an answer may wait for, and the milliseconds they may come to: a tenth over the way itself. */
interface Budget {
  readonly name: string;
  readonly d1: number;
  readonly milliseconds: number;
  ask(client: Asking): Promise<Waited>;
}

interface Asking {
  /** Somebody new, with an account. */
  person(): Promise<Person>;
  pair(): Promise<Pair>;
  sessionToken(): Promise<string>;
  entity(): Promise<number>;
  game(): Promise<string>;
  send(path: string, body?: unknown, token?: string): Promise<Waited>;
}

const PRIMARY = 110;
const REPLICA = 10;

const BUDGETS: readonly Budget[] = [
  {
    name: 'access check alone',
    d1: 0,
    milliseconds: 0,
    ask: async ({ send, pair }) => send('/bench/access', undefined, (await pair()).access_token),
  },
  { name: 'POST /api/register', d1: 1, milliseconds: PRIMARY, ask: ({ send }) => send('/api/register', newPerson()) },
  {
    name: 'POST /api/login',
    d1: 2,
    milliseconds: 2 * PRIMARY,
    ask: async ({ send, person }) => send('/api/login', await person()),
  },
  {
    name: 'POST /api/refresh',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/api/refresh', { refresh_token: (await pair()).refresh_token }),
  },
  {
    name: 'POST /api/logout',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/api/logout', { refresh_token: (await pair()).refresh_token }),
  },
  {
    name: 'GET /api/me',
    d1: 1,
    milliseconds: REPLICA,
    ask: async ({ send, pair }) => send('/api/me', undefined, (await pair()).access_token),
  },
  {
    name: 'GET /auth/status',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, sessionToken }) => send('/auth/status', undefined, await sessionToken()),
  },
  {
    name: 'GET /entities/{id}, token',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, entity, pair }) => send(`/entities/${await entity()}`, undefined, (await pair()).access_token),
  },
  {
    name: 'GET /entities/{id}, anonymous',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, entity }) => send(`/entities/${await entity()}`),
  },
  {
    name: 'GET /entities?limit=20',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/entities?limit=20', undefined, (await pair()).access_token),
  },
  {
    name: 'POST /entities',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, pair }) => send('/entities', entityBody(), (await pair()).access_token),
  },
  {
    name: 'GET /games/{id}/score',
    d1: 1,
    milliseconds: PRIMARY,
    ask: async ({ send, game }) => send(`/games/${await game()}/score?offset=5005`),
  },
];

const TIMES = 5;

export interface DistanceRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly stores: readonly string[];
  readonly met: boolean;
}

/** Asks each operation a few times at a Worker whose stores are far. */
export async function distanceAt(origin: string): Promise<readonly DistanceRow[]> {
  const asking = askingAt(origin);
  await asking.pair(); // reads the settings, which the isolate then keeps
  const rows: DistanceRow[] = [];
  for (const { name, d1, milliseconds, ask } of BUDGETS) {
    const asked: Waited[] = [];
    for (let time = 0; time < TIMES; time += 1) asked.push(await ask(asking));
    // The least of them: what else this machine does is no distance.
    const waited = Math.min(...asked.map((one) => one.milliseconds));
    const fewest = asked.map(({ stores }) => stores).sort((a, b) => a.length - b.length)[0] ?? [];
    const trips = fewest.filter((store) => store === 'primary' || store === 'replica').length;
    rows.push({ name, milliseconds: waited, stores: fewest, met: trips <= d1 && waited <= milliseconds });
  }
  return rows;
}

function askingAt(origin: string): Asking {
  const person = async () => {
    const made = newPerson();
    await call(`${origin}/api/register`, made);
    return made;
  };
  const pair = async () => (await call<Pair>(`${origin}/api/login`, await person())).body;
  return {
    person,
    pair,
    sessionToken: async () =>
      (await call<{ auth_token: string }>(`${origin}/auth/login`, await person())).body.auth_token,
    entity: async () => addEntity(origin, (await pair()).access_token),
    game: async () => addGame(origin, (await pair()).access_token),
    async send(path, body, token) {
      const { headers } = await call<unknown>(origin + path, body, token === undefined ? {} : bearer(token));
      return JSON.parse(headers.get('X-Waited') ?? '{}') as Waited; // workers/distance.ts sends it with every answer
    },
  };
}

export const distanceTable = (rows: readonly DistanceRow[]): string =>
  rows
    .map(({ name, milliseconds, stores, met }) => {
      const verdict = met ? '' : '  OVER ITS BUDGET';
      return `${name.padEnd(30)} waits ${milliseconds.toFixed(0).padStart(4)} ms for ${stores.join(', ') || 'nothing'}${verdict}`;
    })
    .join('\n');
