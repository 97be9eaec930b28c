// Refresh tokens of another service: each works once, rotates from then on, and is theft when it comes back.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../src/domain/digest.ts';
import { newClient } from '../../support/client.ts';
import { importer } from '../../support/imports.ts';
import { stranger } from '../../support/people.ts';

const client = newClient();
const { send, one } = await importer(client);

const DAY_MS = 24 * 60 * 60 * 1000;
const inADay = () => new Date(client.clock() + DAY_MS).toISOString();
/** A token in the form of another service. */
const foreignToken = () => `eyJhbGciOiJIUzI1NiJ9.${crypto.randomUUID()}.ключ+/=`;

/** An account that was imported with these refresh tokens. */
async function importedWith(...tokens: readonly object[]): Promise<number> {
  const { username } = stranger();
  const result = await one({ username, refresh_tokens: tokens });
  expect(result.result).toBe('imported');
  return result.id;
}

const refresh = (refresh_token: string) => client.post('/api/refresh', { refresh_token });

describe('an imported refresh token', () => {
  it.each([
    ['as it was', foreignToken()],
    ['of sixteen characters', crypto.randomUUID().slice(0, 16)],
    ['of 2 048 characters', `${crypto.randomUUID()}${'é'.repeat(2012)}`],
    ['that is a UUID', crypto.randomUUID()],
  ])('works once and rotates from then on: %s', async (_, token) => {
    const id = await importedWith({ token, expires_at: inADay() });
    const { status, body } = await refresh(token);
    expect(status).toBe(200);
    expect(body.refresh_token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-/);
    expect((await client.get('/api/me', { token: body.access_token })).body.id).toBe(id);
    const second = await refresh(body.refresh_token);
    expect(second.status).toBe(200);
    // The first comes back: somebody has stolen it, and nobody knows who.
    expect((await refresh(token)).status).toBe(401);
    expect((await refresh(second.body.refresh_token)).status).toBe(401);
  });

  it('proves no credentials: an operation that needs recent ones is refused', async () => {
    const token = foreignToken();
    await importedWith({ token, expires_at: inADay() });
    const { body } = await refresh(token);
    const { status, body: problem } = await client.get('/api/me/export', { token: body.access_token });
    expect({ status, code: problem.code }).toEqual({ status: 403, code: 'reauthentication_required' });
  });

  it('may come as its SHA-256', async () => {
    const token = foreignToken();
    await importedWith({ sha256: (await sha256Hex(token)).toUpperCase(), expires_at: inADay() });
    expect((await refresh(token)).status).toBe(200);
  });

  it('is known for theft after more rotations than are derived, with nothing of it in KV', async () => {
    const token = foreignToken();
    await importedWith({ token, expires_at: inADay() });
    let next = token;
    for (let rotation = 0; rotation < 10; rotation += 1) next = (await refresh(next)).body.refresh_token;
    expect(await env.REFRESH_TOKENS.get(await sha256Hex(token))).toBeNull();
    expect((await refresh(token)).status).toBe(401);
    expect((await refresh(next)).status).toBe(401);
  });

  it('ends its session at logout, and no longer works', async () => {
    const token = foreignToken();
    await importedWith({ token, expires_at: inADay() });
    expect((await client.post('/api/logout', { refresh_token: token })).status).toBe(200);
    for (const path of ['/api/logout', '/api/refresh'])
      expect((await client.post(path, { refresh_token: token })).status).toBe(401);
  });

  it('is dropped where it has expired, and expires when it says', async () => {
    const [late, soon] = [foreignToken(), foreignToken()];
    const id = await importedWith(
      { token: late, expires_at: new Date(client.clock()).toISOString() },
      { token: soon, expires_at: new Date(client.clock() + 1000).toISOString() },
    );
    const sessions = await env.DB.prepare('SELECT id FROM sessions WHERE account_id = ?').bind(id).all();
    expect(sessions.results.length).toBe(1);
    expect((await refresh(late)).status).toBe(401);
    client.clock.advance(1000);
    expect((await refresh(soon)).status).toBe(401);
  });

  it('lives no longer than the longest lifetime that may be set', async () => {
    const id = await importedWith({ token: foreignToken(), expires_at: '2999-01-01T00:00:00Z' });
    const expiresAt = await env.DB.prepare('SELECT expires_at FROM sessions WHERE account_id = ?')
      .bind(id)
      .first('expires_at');
    expect(expiresAt).toBe(client.clock() + 365 * DAY_MS);
  });

  it('refuses the line of anybody else, used or not', async () => {
    const [used, unused] = [foreignToken(), foreignToken()];
    await importedWith({ token: used, expires_at: inADay() }, { token: unused, expires_at: inADay() });
    const next = (await refresh(used)).body.refresh_token;
    const refused = { result: 'refused', code: 'invalid_line', path: 'refresh_tokens' };
    for (const token of [used, unused, next]) {
      const line = { username: stranger().username, refresh_tokens: [{ token, expires_at: inADay() }] };
      expect(await one(line)).toEqual(refused);
      expect(await one(line, '?replace=true')).toEqual(refused);
    }
  });

  it('is one of the first line that has it', async () => {
    const refresh_tokens = [{ token: foreignToken(), expires_at: inADay() }];
    const lines = [
      { username: stranger().username, refresh_tokens },
      { username: stranger().username, refresh_tokens },
    ];
    expect((await send(lines)).body.results).toEqual([
      { line: 1, result: 'imported', id: expect.any(Number) },
      { line: 2, result: 'refused', code: 'invalid_line', path: 'refresh_tokens' },
    ]);
  });

  it('keeps another account with it from being replaced', async () => {
    const [username, other] = [stranger().username, stranger().username];
    const token = { token: foreignToken(), expires_at: inADay() };
    await one({ username, refresh_tokens: [token] });
    const { id } = await one({ username: other, data: { a: 1 } });
    expect(await one({ username: other, refresh_tokens: [token] }, '?replace=true')).toMatchObject({
      result: 'existing',
      id,
    });
    expect((await refresh(token.token)).status).toBe(200);
  });

  it('goes with its account', async () => {
    const token = foreignToken();
    const { username } = stranger();
    const line = { username, refresh_tokens: [{ token, expires_at: inADay() }] };
    await one(line);
    const { body } = await refresh(token);
    expect((await client.delete('/api/me', { token: body.access_token })).status).toBe(204);
    expect((await refresh(body.refresh_token)).status).toBe(401);
    expect((await one(line)).result).toBe('imported');
  });
});

describe('a text that is no refresh token', () => {
  it.each(['', 'x', 'not a UUID', foreignToken(), 'é'.repeat(10_000)])('is refused: %j', async (token) => {
    for (const path of ['/api/refresh', '/api/logout']) {
      const { status, body } = await client.post(path, { refresh_token: token });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_refresh_token' });
    }
  });
});
