// A person with an authenticator app.
import { expect } from 'vitest';
import type { Client } from './client.ts';
import { codeAt, STEP_MS, wrongCode } from './codes.ts';
import { loggedIn, type Pair, type Person } from './people.ts';

export interface Enrolled extends Person, Pair {
  readonly secret: string;
  readonly codes: readonly string[];
  /** A code that was not used yet: the clock moves on by two steps first. */
  nextCode(): string;
  wrongCode(): string;
}

/** Sets up an authenticator app for the token's account, and confirms it. */
export async function enrol(client: Client, token: string): Promise<{ secret: string; codes: readonly string[] }> {
  const setup = await client.post('/api/factors/totp', undefined, { token });
  expect(setup.status, setup.text).toBe(201);
  const { secret } = setup.body;
  const otp = codeAt(secret, client.clock());
  const confirmed = await client.post('/api/factors/totp/confirm', { otp }, { token });
  expect(confirmed.status, confirmed.text).toBe(200);
  return { secret, codes: confirmed.body.recovery_codes };
}

/** Somebody with a token pair and an authenticator app. */
export async function enrolled(client: Client, person?: Person & Pair): Promise<Enrolled> {
  const owner = person ?? (await loggedIn(client));
  const { secret, codes } = await enrol(client, owner.access_token);
  const nextCode = () => {
    client.clock.advance(2 * STEP_MS);
    return codeAt(secret, client.clock());
  };
  return { ...owner, secret, codes, nextCode, wrongCode: () => wrongCode(secret, client.clock()) };
}
