// Imports as an admin sends them.
import type { Answer, Client } from './client.ts';
import { admin, type Pair, type Person, sessionToken } from './people.ts';

export interface Importer {
  readonly boss: Person & Pair;
  /** Sends lines: objects, or texts as they are. */
  send(lines: readonly (object | string)[], query?: string): Promise<Answer>;
  /** Sends one line and answers its result. */
  one(line: object | string, query?: string): Promise<Answer['body']>;
}

const ndjson = (lines: readonly (object | string)[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

export async function importer(client: Client): Promise<Importer> {
  const someone = await admin(client);
  // A session token lives longer than settings may take to be seen.
  const boss = { ...someone, access_token: await sessionToken(client, someone) };
  const send = (lines: readonly (object | string)[], query = '') =>
    client.send('POST', `/api/admin/users/import/${query}`, {
      raw: ndjson(lines),
      token: boss.access_token,
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
  return {
    boss,
    send,
    one: async (line, query) => {
      const { body } = await send([line], query);
      const { line: number, ...result } = body.results[0];
      if (number !== 1 || body.results.length !== 1) throw new Error('one line has one result');
      return result;
    },
  };
}
