// A Worker that is killed between the cause of a mail and its sending: each cause that was acknowledged has its mail,
// and one alone where the provider honours keys.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSecrets } from '../../scripts/key-set.ts';
import { type LocalServer, start } from './local-server.ts';
import { bundled } from './support/bundled.ts';

/** KILLS sets the number of the long form; the short one runs with `npm test`. */
const KILLS = Number(process.env.KILLS || 2);
const SIGN_UPS = 12;

const directory = mkdtempSync(join(tmpdir(), 'latchkey-mail-kill-'));
/** Recipients by the idempotency key of their mail: a repeated key is the same mail. */
const taken = new Map<string, string>();
const provider = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    taken.set(String(request.headers['idempotency-key']), JSON.parse(body).to);
    // Slow, so that many kills fall between a mail and its answer.
    setTimeout(() => response.end('{"id":"taken"}'), Math.random() * 100);
  });
});

let server: LocalServer | undefined;
let begin: (jobs: 'with jobs' | 'without jobs') => Promise<LocalServer>;

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo; // of a TCP server
  const mail = { MAIL_FROM: 'no-reply@latchkey.test', MAIL_API_URL: `http://127.0.0.1:${port}`, MAIL_API_KEY: 'a key' };
  const bindings = { ...(await newSecrets()), ...mail };
  begin = async (jobs) => {
    server = await start(await bundled(), join(directory, 'state'), bindings, jobs);
    return server;
  };
}, 120_000);

afterAll(async () => {
  await server?.kill();
  provider.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Signs up until the server dies; returns the addresses whose sign-up was acknowledged. */
async function signUps(origin: string, name: string): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  for (let number = 0; ; number += 1) {
    const email = `${name}-${number}@example.com`;
    const answer = await fetch(`${origin}/api/register`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email, password: 'a secret of somebody' }),
    }).catch(() => undefined);
    if (answer?.status !== 201) return acknowledged;
    acknowledged.push(email);
  }
}

it(`sends the mail of each sign-up that was acknowledged, over ${KILLS} kills`, {
  timeout: 120_000 + KILLS * 30_000,
}, async ({ annotate }) => {
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const { origin, kill } = await begin('without jobs');
    const lives = Array.from({ length: 4 }, (_, number) => signUps(origin, `round${round}-${number}`));
    const until = taken.size + SIGN_UPS + Math.random() * SIGN_UPS;
    while (taken.size < until) await sleep(3);
    await kill();
    acknowledged.push(...(await Promise.all(lives)).flat());
  }
  const before = new Set(taken.values());
  const lost = acknowledged.filter((email) => !before.has(email)).length;
  await begin('with jobs');
  const missing = () => {
    const recipients = new Set(taken.values());
    return acknowledged.filter((email) => !recipients.has(email));
  };
  for (let tries = 0; missing().length > 0 && tries < 120; tries += 1) await sleep(500);
  await annotate(`${KILLS} kills, ${acknowledged.length} sign-ups, ${lost} of their mails not sent before the kill`);
  expect(missing()).toEqual([]);
  const recipients = [...taken.values()];
  expect(new Set(recipients).size).toBe(recipients.length);
});
