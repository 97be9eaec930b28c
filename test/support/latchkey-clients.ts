// Clients of the real Worker, on a clock that only the test moves, whose requests a test can hold back.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import { createLatchkey, type LatchkeyOptions, memoryStorage, type TokenStorage } from '../../client/src/index.ts';
import { createApp } from '../../src/app.ts';
import { type Clock, stoppedClock } from './clock.ts';
import { cheapHashing } from './hashing.ts';
import { stranger } from './people.ts';

export type Send = (request: Request) => Promise<Response>;

/** A server on a clock of its own, which the clients read as well. */
export function newServer(): { readonly clock: Clock; readonly send: Send } {
  const clock = stoppedClock();
  vi.spyOn(Date, 'now').mockImplementation(clock);
  const app = createApp({ clock, hashing: cheapHashing });
  const send = async (request: Request): Promise<Response> => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, { ...env, RATE_LIMITS: 'off' }, context);
    await waitOnExecutionContext(context);
    return answer;
  };
  return { clock, send };
}

/** A client that records its requests; the next request of a path can be held on its way to the server. */
export function newClient(
  send: Send,
  storage: TokenStorage = memoryStorage(),
  callbacks: Pick<LatchkeyOptions, 'onSecondFactor' | 'onReauthentication'> = {},
) {
  const sent: string[] = [];
  const holds = new Map<string, () => Promise<void>>();
  const fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    sent.push(path);
    const held = holds.get(path);
    holds.delete(path);
    await held?.();
    return send(request);
  };
  const hold = (path: string) => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    holds.set(path, () => {
      reached.resolve();
      return released.promise;
    });
    return { reached: reached.promise, release: () => released.resolve() };
  };
  const onSessionEnded = vi.fn();
  return {
    ...createLatchkey({ baseUrl: 'http://localhost', fetch, storage, onSessionEnded, ...callbacks }),
    hold,
    onSessionEnded,
    sent,
  };
}

export type TestClient = ReturnType<typeof newClient>;

/** Two people with an account, of whom the client is logged in as the first. */
export async function annAndBob(client: TestClient) {
  const [ann, bob] = [stranger(), stranger()];
  for (const person of [ann, bob]) expect((await client.register(person)).response.status).toBe(201);
  expect((await client.login(ann)).response.status).toBe(200);
  return { ann, bob };
}
