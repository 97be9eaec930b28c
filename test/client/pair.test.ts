// The client and the Worker under one clock that only the test moves: the speed of the machine decides nothing.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { createLatchkey } from '../../client/src/index.ts';
import { createApp } from '../../src/app.ts';
import { stoppedClock } from '../support/clock.ts';

const LIFETIME_SECONDS = 2;
const CALLS = 100;
const STEP_MS = 500;
const STEPS = 12;

it('a pair of two seconds is refreshed once an expiry under 100 concurrent calls, none of which fails', async () => {
  await env.CONFIG.put('ACCESS_TOKEN_LIFETIME', String(LIFETIME_SECONDS));
  const clock = stoppedClock();
  vi.spyOn(Date, 'now').mockImplementation(clock);
  const app = createApp({ clock });
  const refreshes: number[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const context = createExecutionContext();
    const answer = await app.fetch(request, { ...env, RATE_LIMITS: 'off' }, context);
    await waitOnExecutionContext(context);
    if (request.url.endsWith('/api/refresh')) refreshes.push(answer.status);
    return answer;
  };
  const onSessionEnded = vi.fn();
  const { api, register, login } = createLatchkey({ baseUrl: 'http://localhost', fetch, onSessionEnded });
  const credentials = { email: 'steady@example.com', password: 'correct horse' };
  await register(credentials);
  await login(credentials);

  const statuses = new Set<number>();
  const refreshesAfter: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    clock.advance(STEP_MS);
    const answers = await Promise.all(Array.from({ length: CALLS }, () => api.GET('/api/me')));
    for (const { response } of answers) statuses.add(response.status);
    refreshesAfter.push(refreshes.length);
  }
  expect([...statuses]).toEqual([200]);
  // A token's times are whole seconds, so one of two seconds is trusted for one, and used for nine tenths of it.
  expect(refreshesAfter).toEqual(Array.from({ length: STEPS }, (_, step) => Math.floor((step + 1) / 2)));
  expect(new Set(refreshes)).toEqual(new Set([200]));
  expect(onSessionEnded).not.toHaveBeenCalled();
}, 30_000);
