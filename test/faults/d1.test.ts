// Whatever call to D1 fails or stalls, before or after it took effect, nothing is half-written and nothing revoked lives.
import { env } from 'cloudflare:workers';
import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, newClient } from '../support/client.ts';
import { type Fault, faultyD1 } from '../support/faulty-d1.ts';
import { loggedIn, type Pair, type Person, stranger } from '../support/people.ts';

const FAULTS: readonly Fault[] = ['fails before', 'fails after', 'stalls after', 'is lost after'];
/** More calls than any operation makes; the fault of a call that is not made is not met. */
const MOST_CALLS = 5;
const STALLED_MS = 100;

const faulty = faultyD1(env.DB);
const sound = newClient();
const client = newClient({ DB: faulty.DB }, sound.clock, STALLED_MS);
const tally = { injected: 0 };

type Somebody = Person & Pair;
interface Operation {
  call(person: Somebody, fresh: ReturnType<typeof stranger>): Promise<Answer>;
  /** What must hold afterwards, whatever was answered. */
  holds(person: Somebody, fresh: ReturnType<typeof stranger>, answer: Answer): Promise<void>;
}

const works = async (it: Client, password: string, email: string) => (await it.post('/api/login', { email, password })).status;
const refreshes = async (refresh_token: string) => (await sound.post('/api/refresh', { refresh_token })).status;

const OPERATIONS: Record<string, Operation> = {
  register: {
    call: (_, { email, username, password }) => client.post('/api/register', { email, username, password }),
    async holds(_, { email, password }, { status }) {
      const login = await works(sound, password, email);
      expect([200, 401]).toContain(login);
      if (status === 201) expect(login).toBe(200);
    },
  },
  login: {
    call: ({ email, password }) => client.post('/api/login', { email, password }),
    async holds(_person, _, { status, body }) {
      if (status === 200) expect(await refreshes(body.refresh_token)).toBe(200);
    },
  },
  'a wrong login': {
    call: ({ email }) => client.post('/api/login', { email, password: 'not it' }),
    async holds({ email, password }) {
      expect(await works(sound, password, email)).toBe(200);
    },
  },
  refresh: {
    call: ({ refresh_token }) => client.post('/api/refresh', { refresh_token }),
    async holds(_person, _, { status, body }) {
      if (status === 200) expect(await refreshes(body.refresh_token)).toBe(200);
    },
  },
  'a refresh with a spent token': {
    async call({ refresh_token }) {
      await sound.post('/api/refresh', { refresh_token });
      sound.clock.advance(1);
      return client.post('/api/refresh', { refresh_token });
    },
    async holds(_person, _, { status }) {
      expect(status).not.toBe(200);
    },
  },
  logout: {
    call: ({ refresh_token }) => client.post('/api/logout', { refresh_token }),
    async holds({ refresh_token }, _, { status }) {
      if (status === 200) expect(await refreshes(refresh_token)).toBe(401);
    },
  },
  rename: {
    call: ({ access_token: token }, { email, username }) => client.put('/api/me', { email, username }, { token }),
    async holds(person, fresh) {
      const { body } = await sound.get('/api/me', { token: person.access_token });
      const { email, username } = body.email === fresh.email ? fresh : person;
      expect(body).toEqual({ id: person.id, email, username });
    },
  },
  'a password change': {
    call: ({ password, access_token: token }, fresh) =>
      client.post('/api/password', { current_password: password, new_password: fresh.password }, { token }),
    async holds({ email, password }, fresh, { status }) {
      const [before, after] = [await works(sound, password, email), await works(sound, fresh.password, email)];
      expect([before, after].sort()).toEqual([200, 401]);
      if (status === 204) expect(after).toBe(200);
    },
  },
  'ending all other sessions': {
    call: ({ access_token: token }) => client.delete('/api/sessions', { token }),
    async holds({ refresh_token }) {
      expect(await refreshes(refresh_token)).toBe(200);
    },
  },
  deletion: {
    call: ({ access_token: token }) => client.delete('/api/me', { token }),
    async holds({ email, password, refresh_token }, _, { status }) {
      const login = await works(sound, password, email);
      if (status === 204) expect(login).toBe(401);
      expect(await refreshes(refresh_token)).toBe(login);
    },
  },
};

describe.each(Object.entries(OPERATIONS))('%s', (_, { call, holds }) => {
  it.each(FAULTS)('is whole or not at all when D1 %s', async (fault) => {
    for (let number = 0; number < MOST_CALLS; number += 1) {
      const person = await loggedIn(sound);
      const fresh = stranger();
      faulty.arm(number, fault);
      const answer = await call(person, fresh);
      faulty.disarm();
      if (!faulty.met()) break;
      tally.injected += 1;
      if (answer.status >= 500) expect(answer.body.code).toBe('unavailable');
      await holds(person, fresh, answer);
    }
  });
});

describe('a refresh whose answer from D1 is lost', () => {
  it('is repeated, and is not taken for theft', async () => {
    const { refresh_token } = await loggedIn(sound);
    faulty.arm(0, 'is lost after');
    const { status, body } = await client.post('/api/refresh', { refresh_token });
    faulty.disarm();
    expect(status).toBe(200);
    expect(await refreshes(body.refresh_token)).toBe(200);
  });

  it('is repeated a bounded number of times', async () => {
    const { refresh_token } = await loggedIn(sound);
    const down = newClient({
      DB: { withSession: () => ({ prepare: () => ({ bind: () => ({ all: lost }) }), getBookmark: () => null }) } as never,
    });
    expect((await down.post('/api/refresh', { refresh_token })).status).toBe(503);
    expect(tries).toBe(3);
  });
});

let tries = 0;
const lost = () => {
  tries += 1;
  return Promise.reject(new Error('D1_ERROR: Network connection lost.'));
};

afterAll(async () => {
  console.info(`faults injected into D1: ${tally.injected}`);
  expect(tally.injected).toBeGreaterThan(45);
  // What is written and what is recorded of it stand or fall together.
  for (const unrecorded of [
    "SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account_id FROM audit_events WHERE action = 'account.registered')",
    "SELECT count(*) FROM sessions WHERE id NOT IN (SELECT json_extract(detail, '$.session_id') FROM audit_events WHERE action = 'login.succeeded')",
    "SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL AND id NOT IN (SELECT json_extract(detail, '$.session_id') FROM audit_events WHERE action IN ('session.ended', 'session.revoked', 'session.reuse_detected'))",
    "SELECT count(*) FROM accounts WHERE id IN (SELECT account_id FROM audit_events WHERE action = 'account.deleted')",
    'SELECT count(*) FROM sessions WHERE account_id NOT IN (SELECT id FROM accounts)',
  ]) {
    expect(await env.DB.prepare(unrecorded).first('count(*)'), unrecorded).toBe(0);
  }
});
