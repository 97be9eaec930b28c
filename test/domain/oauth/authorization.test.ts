// Authorization requests: where each is answered, and the next step before a code is issued.
import { describe, expect, it } from 'vitest';
import { dueOf, redirectBack } from '../../../src/domain/oauth/authorization.ts';
import { type AuthorizationRequest, parseRequest } from '../../../src/domain/oauth/authorization-request.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { MINUTE_MS, NOW } from '../../support/domain/contexts.ts';
import { clientFields, REDIRECT } from '../../support/domain/oauth.ts';

const client = clientFields();
const RIGHT = {
  response_type: 'code',
  client_id: client.id,
  redirect_uri: REDIRECT,
  scope: 'openid profile',
  state: 'some state',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
};
type Instead = Readonly<Record<string, string | undefined>>;
const parse = (instead: Instead = {}, of: typeof client | undefined = client) =>
  parseRequest({ ...RIGHT, ...instead }, [], of);

function requestOf(instead: Instead = {}, of = client): AuthorizationRequest {
  const parsed = parse(instead, of);
  if (parsed.kind !== 'request') throw new Error(parsed.kind);
  return parsed.request;
}

describe('a request', () => {
  it('that is valid is parsed', () => {
    expect(requestOf({ prompt: 'login consent', max_age: '60', nonce: 'n' })).toEqual({
      client,
      redirectUri: REDIRECT,
      state: 'some state',
      scopes: ['openid', 'profile'],
      nonce: 'n',
      challenge: RIGHT.code_challenge,
      prompts: ['login', 'consent'],
      maxAge: 60,
      loginHint: undefined,
    });
  });

  it('is not redirected where the client or the redirect is not known', () => {
    expect(parseRequest(RIGHT, [], undefined)).toMatchObject({ problem: 'unknown_client' });
    expect(parseRequest(RIGHT, ['client_id'], client)).toMatchObject({ problem: 'unknown_client' });
    const problem = { kind: 'unanswerable', problem: 'unregistered_redirect' };
    for (const uri of ['https://evil.example/', `${REDIRECT}/`, `${REDIRECT}?a`, ''])
      expect(parse({ redirect_uri: uri })).toMatchObject(problem);
    expect(parseRequest(RIGHT, ['redirect_uri'], client)).toMatchObject(problem);
    const two = clientFields({ redirectUris: [REDIRECT, 'https://app.example.com/two'] });
    expect(parse({ redirect_uri: undefined }, two)).toMatchObject(problem);
  });

  it('may leave out the only redirect, and scopes that the client may not have are dropped', () => {
    expect(requestOf({ redirect_uri: undefined }).redirectUri).toBe(REDIRECT);
    expect(requestOf({ scope: 'openid account unknown entities:write' }).scopes).toEqual(['openid']);
  });

  it.each<[Instead, string]>([
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_mode: 'fragment' }, 'invalid_request'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ code_challenge: 'c'.repeat(42) }, 'invalid_request'],
    [{ code_challenge_method: undefined }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ state: 's'.repeat(2049) }, 'invalid_request'],
    [{ nonce: 'n'.repeat(513) }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ prompt: 'none login' }, 'invalid_request'],
    [{ prompt: 'create' }, 'invalid_request'],
    [{ scope: 'unknown' }, 'invalid_scope'],
    [{ scope: undefined }, 'invalid_scope'],
    [{ request: 'x' }, 'request_not_supported'],
    [{ request_uri: 'x' }, 'request_uri_not_supported'],
    [{ registration: 'x' }, 'registration_not_supported'],
  ])('with %j is sent back with an error', (instead, error) => {
    expect(parse(instead)).toMatchObject({ kind: 'error', redirectUri: REDIRECT, error });
  });

  it('that has a parameter twice is sent back, without a state that is there twice', () => {
    const error = { kind: 'error', error: 'invalid_request' };
    expect(parseRequest(RIGHT, ['scope'], client)).toMatchObject({ ...error, state: 'some state' });
    expect(parseRequest(RIGHT, ['state'], client)).toMatchObject({ ...error, state: undefined });
  });
});

describe('the next step', () => {
  const signedIn = (at = NOW, granted: AuthorizationRequest['scopes'] = ['openid', 'profile']) => ({
    authentication: byPassword(at),
    granted,
  });
  const due = (instead: Instead, by: ReturnType<typeof signedIn> | undefined, after?: number, of = client) =>
    dueOf(requestOf(instead, of), by, after, NOW);

  it('is a sign-in, unless the session is recent enough', () => {
    expect(due({}, undefined)).toBe('sign_in');
    expect(due({}, signedIn(0))).toBeUndefined();
    expect(due({ max_age: '60' }, signedIn(NOW - MINUTE_MS))).toBeUndefined();
    expect(due({ max_age: '60' }, signedIn(NOW - MINUTE_MS - 1))).toBe('sign_in');
    for (const prompt of ['login', 'select_account']) {
      expect(due({ prompt }, signedIn())).toBe('sign_in');
      expect(due({ prompt }, signedIn(NOW - 5), NOW - 5)).toBeUndefined();
      expect(due({ prompt }, signedIn(NOW - 6), NOW - 5)).toBe('sign_in');
    }
  });

  it('is consent to scopes that were not granted, where the request asks, and each time for an app on a device', () => {
    expect(due({}, signedIn(NOW, ['openid']))).toBe('consent');
    expect(due({ prompt: 'consent' }, signedIn())).toBe('consent');
    const native = clientFields({ redirectUris: ['com.example.app:/cb'] });
    expect(due({ redirect_uri: 'com.example.app:/cb' }, signedIn(), undefined, native)).toBe('consent');
    const own = clientFields({ firstParty: true });
    expect(due({}, signedIn(NOW, []), undefined, own)).toBeUndefined();
  });

  it('is an error where the person may not be asked', () => {
    expect(due({ prompt: 'none' }, undefined)).toEqual({ error: 'login_required' });
    expect(due({ prompt: 'none' }, signedIn(NOW, []))).toEqual({ error: 'consent_required' });
    expect(due({ prompt: 'none' }, signedIn())).toBeUndefined();
  });
});

it('an answer is appended to the redirect as it was registered, with the state and the issuer', () => {
  const issuer = 'https://id.example.com';
  const iss = 'iss=https%3A%2F%2Fid.example.com';
  expect(redirectBack({ redirectUri: REDIRECT, state: 'a b' }, issuer, { code: 'c' })).toBe(
    `${REDIRECT}?code=c&state=a+b&${iss}`,
  );
  const query = { redirectUri: `${REDIRECT}?a=%7e`, state: undefined };
  expect(redirectBack(query, issuer, { code: 'c' })).toBe(`${REDIRECT}?a=%7e&code=c&${iss}`);
});
