// A resource server without Latchkey's code: it verifies access tokens by the published keys. It serves the page as
// well.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { LATCHKEY = 'http://localhost:8787', PORT = '8788', CLIENT_ID, EMAIL, PASSWORD } = process.env;
const origin = `http://localhost:${PORT}`;
const here = new URL('./', import.meta.url);
const library = createRequire(import.meta.url).resolve('oauth4webapi');

const { issuer, jwks_uri: keysAt } = await (await fetch(`${LATCHKEY}/.well-known/oauth-authorization-server`)).json();
const keys = createRemoteJWKSet(new URL(keysAt));

async function callLatchkey(path, body, token) {
  const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const headers = { 'Content-Type': 'application/json', ...authorization };
  const answer = await fetch(LATCHKEY + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/** Registers this app, as an admin would at /admin/clients. */
async function register() {
  if (!EMAIL || !PASSWORD)
    throw new Error('give CLIENT_ID, or the EMAIL and PASSWORD of an admin who registers this app');
  const { access_token: token } = await callLatchkey('/api/login', { email: EMAIL, password: PASSWORD });
  const client = {
    name: 'Notes',
    kind: 'public',
    redirect_uris: [`${origin}/`],
    post_logout_redirect_uris: [`${origin}/`],
    scopes: ['openid', 'profile', 'email'],
  };
  return (await callLatchkey('/api/admin/clients', client, token)).id;
}

const clientId = CLIENT_ID ?? (await register());

/** RFC 9068 §4: the type, the issuer, the audience and the expiry; then whether the scope allows the call. */
async function verify(authorization = '') {
  const [, token = ''] = /^Bearer ([^ ]+)$/i.exec(authorization) ?? [];
  const { payload } = await jwtVerify(token, keys, { issuer, audience: issuer, typ: 'at+jwt', algorithms: ['ES256'] });
  return { ...payload, scopes: payload.scope?.split(' ') ?? [] };
}

async function notes(authorization) {
  try {
    const { sub, client_id: by, scopes } = await verify(authorization);
    // A token of another app is valid, but not for this one.
    if (by !== clientId || !scopes.includes('profile')) return [403, { error: 'insufficient_scope' }];
    return [200, { owner: sub, notes: ['Milk', 'Bread'] }];
  } catch {
    return [401, { error: 'invalid_token' }];
  }
}

const FILES = {
  '/': ['text/html', new URL('index.html', here)],
  '/app.js': ['text/javascript', new URL('app.js', here)],
  '/oauth4webapi.js': ['text/javascript', library],
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  const answer = (status, type, body, headers = {}) =>
    response.writeHead(status, { 'Content-Type': type, 'Referrer-Policy': 'no-referrer', ...headers }).end(body);
  const file = FILES[pathname];
  if (file) return answer(200, file[0], readFileSync(file[1]));
  if (pathname === '/config') return answer(200, 'application/json', JSON.stringify({ issuer, clientId }));
  if (pathname !== '/notes') return answer(404, 'text/plain', 'There is nothing here.');
  const [status, body] = await notes(request.headers.authorization);
  const challenge = status === 200 ? {} : { 'WWW-Authenticate': `Bearer error="${body.error}"` };
  return answer(status, 'application/json', JSON.stringify(body), challenge);
}).listen(Number(PORT), () => console.log(`Notes, at ${origin}/, with the client ${clientId}`));
