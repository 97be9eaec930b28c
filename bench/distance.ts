// `npm run bench -- --distance`: the time that each operation waits for distant storage, compared with
// bench/distance/budgets.ts.
import { type Asking, BUDGETS, type Waited } from './distance/budgets.ts';
import type { Bench, Report } from './report.ts';
import { withServers } from './servers.ts';
import { bearer, call, newPerson, type Pair } from './subjects/client.ts';
import { addEntity, addGame } from './subjects/entities.ts';

const TIMES = 5;

interface DistanceRow {
  readonly name: string;
  readonly milliseconds: number;
  readonly stores: readonly string[];
  readonly met: boolean;
}

export const distance = ({ bindings }: Bench): Promise<Report> =>
  withServers(['distance'], bindings, async (get) => {
    const rows = await distanceAt(get('distance').origin);
    const isOver = rows.some(({ met }) => !met);
    return {
      data: { rows },
      text: tableOf(rows),
      failures: isOver ? ['some operations wait for more than their budget'] : [],
    };
  });

/** Sends each operation a few times to a Worker whose stores are far away. */
async function distanceAt(origin: string): Promise<readonly DistanceRow[]> {
  const asking = askingAt(origin);
  await asking.pair(); // reads the settings, which the isolate then caches
  const rows: DistanceRow[] = [];
  for (const { name, d1, milliseconds, ask } of BUDGETS) {
    const asked: Waited[] = [];
    for (let time = 0; time < TIMES; time += 1) asked.push(await ask(asking));
    // The least of them: other work of this machine only adds to it.
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

const tableOf = (rows: readonly DistanceRow[]): string =>
  rows
    .map(({ name, milliseconds, stores, met }) => {
      const verdict = met ? '' : '  OVER ITS BUDGET';
      const wait = `waits ${milliseconds.toFixed(0).padStart(4)} ms for ${stores.join(', ') || 'nothing'}`;
      return `${name.padEnd(30)} ${wait}${verdict}`;
    })
    .join('\n');
