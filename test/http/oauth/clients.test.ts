// Clients as admins manage them, grants as people do, discovery, and the origins that may call.
import { describe, expect, it } from 'vitest';
import { runJobs } from '../../../src/jobs.ts';
import { newClient } from '../../support/client.ts';
import {
  asApp,
  authorize,
  authorizeQuery,
  browsing,
  codeFor,
  newApp,
  newPkce,
  redeem,
  refreshAs,
  tokensFor,
} from '../../support/oauth.ts';
import { admin, logIn } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const path = '/api/admin/clients';

describe('clients', () => {
  it('are registered, read, listed, changed and deleted; a secret is shown once and stored as a hash', async () => {
    const { access_token: token } = await admin(client);
    const made = await client.post(
      path,
      { name: 'Shop', kind: 'confidential', redirect_uris: ['https://shop.example.com/cb'] },
      { token },
    );
    expect(made.status).toBe(201);
    const { client_secret: secret, ...shown } = made.body;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(shown).toMatchObject({ kind: 'confidential', first_party: false, id_token_signed_response_alg: 'ES256' });
    const at = `${path}/${shown.id}/`;
    expect((await client.get(at, { token })).body).toEqual(shown);
    expect((await client.get(path, { token })).body.clients).toContainEqual(shown);
    const stored = await client.env.DB.prepare('SELECT * FROM clients WHERE id = ?').bind(shown.id).first();
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect((await client.patch(at, { name: 'Store' }, { token })).body.name).toBe('Store');
    expect((await client.patch(at, { kind: 'public' }, { token })).status).toBe(400);
    const replaced = (await client.post(`${at}secret/`, undefined, { token })).body.client_secret;
    const app = { id: shown.id, kind: 'confidential' as const };
    expect((await asApp(client, { ...app, secret }, 'revoke', { token: 'x' })).status).toBe(401);
    expect((await asApp(client, { ...app, secret: replaced }, 'revoke', { token: 'x' })).status).toBe(200);
    expect((await client.delete(at, { token })).status).toBe(204);
    expect((await client.delete(at, { token })).status).toBe(404);
    expect((await client.get(at, { token })).status).toBe(404);
    const events = await client.env.DB.prepare(
      "SELECT action FROM audit_events WHERE json_extract(detail, '$.client_id') = ? ORDER BY id",
    )
      .bind(shown.id)
      .all<{ action: string }>();
    expect(events.results.map(({ action }) => action)).toEqual([
      'client.created',
      'client.updated',
      'client.secret_replaced',
      'client.deleted',
    ]);
  });

  it('have RS256 only where there is an RSA key, and public ones no secret', async () => {
    await expect(newApp(client, { id_token_signed_response_alg: 'RS256' })).rejects.toThrow('400');
    const app = await newApp(client);
    expect(app.secret).toBeUndefined();
    const { access_token: token } = await admin(client);
    expect((await client.post(`${path}/${app.id}/secret`, undefined, { token })).status).toBe(409);
  });

  it('that are deleted end their grants, sessions and codes at once', async () => {
    const app = await newApp(client, { kind: 'confidential' });
    const whose = await browsing(client);
    const tokens = await tokensFor(client, app, whose);
    const pkce = await newPkce();
    const code = await codeFor(client, app, whose, pkce);
    const { access_token: token } = await admin(client);
    expect((await client.delete(`${path}/${app.id}`, { token })).status).toBe(204);
    expect((await refreshAs(client, app, tokens.refresh_token)).status).toBe(401);
    expect((await redeem(client, app, code, pkce)).status).toBe(401);
    expect((await client.get('/oauth/userinfo', { token: tokens.access_token })).status).toBe(401);
    expect((await authorize(client, authorizeQuery(app, pkce), whose.cookie)).status).toBe(400);
    const { access_token: own } = await logIn(client, whose);
    expect((await client.get('/api/grants', { token: own })).body).toEqual({ grants: [] });
    await runJobs(client.env, client.clock);
    expect(await client.env.DB.prepare('SELECT 1 FROM clients WHERE id = ?').bind(app.id).first()).toBeNull();
  });
});

describe('grants', () => {
  it('are listed, and taken back with their sessions and codes', async () => {
    const [app, kept] = [await newApp(client), await newApp(client, { first_party: true })];
    const whose = await browsing(client);
    const [tokens, others] = [await tokensFor(client, app, whose), await tokensFor(client, kept, whose)];
    const pkce = await newPkce();
    const code = await codeFor(client, app, whose, pkce);
    const { access_token: token } = await logIn(client, whose);
    const listed = async () =>
      (await client.get('/api/grants/', { token })).body.grants.map((it: { client_id: string }) => it.client_id).sort();
    expect(await listed()).toEqual([app.id, kept.id].sort());
    expect((await client.delete(`/api/grants/${app.id}/`, { token })).status).toBe(204);
    expect((await client.delete(`/api/grants/${app.id}/`, { token })).status).toBe(404);
    expect(await listed()).toEqual([kept.id]);
    expect((await refreshAs(client, app, tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await redeem(client, app, code, pkce)).body.error).toBe('invalid_grant');
    expect((await client.get('/oauth/userinfo', { token: tokens.access_token })).status).toBe(401);
    expect((await refreshAs(client, kept, others.refresh_token)).status).toBe(200);
    expect((await authorize(client, authorizeQuery(app, pkce), whose.cookie)).status).toBe(200);
  });
});

describe('discovery', () => {
  it('is the same in both forms, and names endpoints that answer', async () => {
    const { body } = await client.get('/.well-known/openid-configuration');
    expect((await client.get('/.well-known/oauth-authorization-server/')).body).toEqual(body);
    expect(body).toMatchObject({
      issuer: 'http://localhost:8787',
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['ES256'],
      request_uri_parameter_supported: false,
    });
    for (const [name, url] of Object.entries(body)) {
      if (!name.endsWith('_endpoint') && name !== 'jwks_uri') continue;
      const { status } = await client.get(new URL(String(url)).pathname);
      expect([name, status]).not.toEqual([name, 404]);
    }
  });
});

describe('other origins', () => {
  const allowed = async (method: string, at: string, origin: string, headers: Record<string, string> = {}) => {
    const answer = await client.send(method, at, { headers: { Origin: origin, ...headers } });
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull();
    return answer.headers.get('Access-Control-Allow-Origin');
  };
  const preflight = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' };

  it('read the metadata and the keys', async () => {
    for (const at of ['openid-configuration', 'oauth-authorization-server', 'jwks.json'])
      expect(await allowed('GET', `/.well-known/${at}`, 'https://any.example')).toBe('*');
  });

  it('call the endpoints where a public client has its redirect there', async () => {
    await newApp(client, { redirect_uris: ['https://spa.example.com/cb'] });
    await newApp(client, { kind: 'confidential', redirect_uris: ['https://server.example.com/cb'] });
    for (const at of ['/oauth/token', '/oauth/revoke', '/oauth/userinfo'])
      for (const [method, headers] of [
        ['OPTIONS', preflight],
        ['POST', {}],
      ] as const) {
        expect(await allowed(method, at, 'https://spa.example.com', headers)).toBe('https://spa.example.com');
        expect(await allowed(method, at, 'https://server.example.com', headers)).toBeNull();
        expect(await allowed(method, at, 'https://spa.example.com.evil.example', headers)).toBeNull();
      }
    for (const at of ['/oauth/introspect', '/api/me', '/oauth/authorize'])
      expect(await allowed('OPTIONS', at, 'https://spa.example.com', preflight)).toBeNull();
  });
});
