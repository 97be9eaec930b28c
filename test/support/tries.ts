// Tries of writes: a new caller and another new account, a credential, and the request to be sent.
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import type { Answer, Client, Sending } from './client.ts';
import { forgettingAll } from './stored.ts';
import { formTokenOf, newWriters, tokenOf, type Writer } from './writers.ts';
import type { CallAs, Write } from './writes.ts';

/** Longer than an isolate remembers the settings that it wrote. */
const SETTINGS_FORGOTTEN_MS = 60 * 1000;

export type Credential = 'access token' | 'session token' | 'cookie';

/** A try: a caller with a credential, and the request that they are about to make. */
export interface Try {
  readonly caller: Writer;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly sending: Sending;
}

export function triesBy(client: Client) {
  const now = () => client.clock();

  const callAs: CallAs = async (writer, path, json) => {
    const answer = await client.post(path, json, { token: await tokenOf(writer, 'session', now()) });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body;
  };

  const credentialHeaders = async (caller: Writer, credential: Credential): Promise<Record<string, string>> => {
    if (credential !== 'cookie') {
      const use = credential === 'access token' ? 'access' : 'session';
      return { Authorization: `Bearer ${await tokenOf(caller, use, now())}` };
    }
    return {
      Cookie: `latchkey=${await tokenOf(caller, 'cookie', now())}`,
      'Sec-Fetch-Site': 'same-origin',
      Origin: 'null',
    };
  };

  return {
    /** Removes every account, and every setting but these, and makes the caller, whose credentials are a minute old. */
    async prepared(
      name: string,
      write: Write,
      credential: Credential,
      settings: Readonly<Record<string, string>> = {},
    ): Promise<Try> {
      client.clock.advance(SETTINGS_FORGOTTEN_MS);
      for (const { name: key } of (await env.CONFIG.list()).keys) await env.CONFIG.delete(key);
      for (const [key, value] of Object.entries(settings)) await env.CONFIG.put(key, value);
      const needsAdmin = write.right === 'admin' || name.startsWith('POST /admin/');
      // Besides the caller and another account, an admin: the caller is not the last one.
      const { writers, statements } = await newWriters([needsAdmin ? 'admin' : 'user', 'user', 'admin'], now());
      const [caller, other] = [writers[0], writers[1]];
      if (!caller || !other) throw new Error('each role has a writer');
      await env.DB.batch([
        ...(await forgettingAll()),
        ...statements,
        ...(write.before ? [env.DB.prepare(write.before).bind(other.id)] : []),
      ]);
      const { path, json, line, form, headers } = await write.request(caller, other, callAs);
      const fields = form && { ...form, form_token: await formTokenOf(caller) };
      const body = fields ? new URLSearchParams(fields).toString() : bodyOf(json ?? line);
      const type = fields ? 'application/x-www-form-urlencoded' : line ? 'application/x-ndjson' : 'application/json';
      const sending = {
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'Content-Type': type }),
          ...(await credentialHeaders(caller, credential)),
        },
      };
      return { caller, method: name.split(' ')[0] ?? '', path, body, sending };
    },

    send: ({ method, path, sending }: Try, raw: BodyInit | undefined): Promise<Answer> =>
      client.send(method, path, { ...sending, ...(raw === undefined ? {} : { raw }) }),
  };
}

const bodyOf = (value: object | undefined) => (value === undefined ? undefined : JSON.stringify(value));
