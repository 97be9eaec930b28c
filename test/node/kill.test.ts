// A server that is killed under load loses nothing that it acknowledged, and restarts on consistent stores.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSecrets, type Secrets } from '../../scripts/key-set.ts';
import { Actor } from './actor.ts';
import { type LocalServer, start } from './local-server.ts';
import { bundled } from './support/bundled.ts';

/** KILLS sets the number of the long form; the short one runs with `npm test`. */
const KILLS = Number(process.env.KILLS || 2);
const ACTORS = 12;
/**
 * The server lives until this many writes were acknowledged, and up to as many more by chance; and never longer than
 * this.
 */
const WRITES = 40;
const LONGEST_LIFE_MS = 20_000;

const directory = mkdtempSync(join(tmpdir(), 'latchkey-kill-'));
let secrets: Secrets;
let server: LocalServer | undefined;

const begin = async () => {
  server = await start(await bundled(), join(directory, 'state'), secrets);
  return server;
};

beforeAll(async () => {
  secrets = await newSecrets();
}, 120_000);

afterAll(async () => {
  await server?.kill();
  rmSync(directory, { recursive: true, force: true });
});

/** Contested names: only one actor may ever be told that a name is theirs. */
async function contend(origin: () => string, round: number, won: string[]): Promise<void> {
  const username = `wanted-${round}`;
  const response = await fetch(`${origin()}/user`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password: 'a secret of many' }),
  }).catch(() => undefined);
  await response?.body?.cancel().catch(() => undefined);
  if (response?.status === 201) won.push(username);
}

const written = (actors: readonly Actor[]): number => actors.reduce((sum, actor) => sum + actor.acknowledged, 0);

it(`loses nothing that was acknowledged in ${KILLS} kills`, { timeout: 60_000 + KILLS * 60_000 }, async ({
  annotate,
}) => {
  let origin = (await begin()).origin;
  const actors = Array.from({ length: ACTORS }, (_, number) => new Actor(`actor-${number}`, () => origin));
  const [checks, losses, won] = [{ count: 0 }, [] as string[], [] as string[]];
  for (let round = 0; round < KILLS; round += 1) {
    let alive = true;
    const lives = actors.map(async (actor, number) => {
      while (alive) await (number < 2 ? contend(() => origin, round, won).then(() => sleep(20)) : actor.step());
    });
    const until = { writes: written(actors) + WRITES * (1 + Math.random()), time: Date.now() + LONGEST_LIFE_MS };
    while (written(actors) < until.writes && Date.now() < until.time) await sleep(3);
    await server?.kill();
    alive = false;
    await Promise.all(lives);
    const next = await begin();
    origin = next.origin;
    losses.push(...next.broken);
    for (const actor of actors) losses.push(...(await actor.losses(checks)));
  }
  const acknowledged = written(actors);
  await annotate(
    `${KILLS} kills, ${acknowledged} writes acknowledged, ${checks.count} checks, ${losses.length} losses`,
  );
  expect(losses).toEqual([]);
  expect(new Set(won).size).toBe(won.length);
  expect(acknowledged).toBeGreaterThan(0);
  expect(checks.count).toBeGreaterThan(0);
});
