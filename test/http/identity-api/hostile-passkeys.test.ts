// Hostile answers of authenticators, made from real ones: whatever is changed, nobody is let in and nothing is added.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import {
  addPasskey,
  type Behaviour,
  type CredentialJson,
  newAuthenticator,
  passkeyLogin,
} from '../../support/soft-authenticator.ts';

const client = newClient({ RATE_LIMITS: 'off' });

/** Every text in a credential, by its path. */
function textsOf(value: CredentialJson, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsOf(inner, [...path, name]));
}

const read = (value: CredentialJson, path: readonly string[]): CredentialJson =>
  path.reduce((inner, name) => inner?.[name], value);

function written(value: CredentialJson, [name = '', ...rest]: readonly string[], text: unknown): CredentialJson {
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[name] = rest.length > 0 ? written(value[name], rest, text) : text;
  return copy;
}

/** An attacker's variants of one text. */
const CHANGES: readonly (readonly [name: string, change: (text: string) => unknown])[] = [
  ['its first character changed', (text) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)],
  ['a character in its middle changed', (text) => swapped(text, Math.floor(text.length / 2))],
  ['its end changed', (text) => swapped(text, text.length - 2)],
  ['half of it', (text) => text.slice(0, Math.floor(text.length / 2))],
  ['more behind it', (text) => `${text}AAAA`],
  ['nothing', () => ''],
  ['no base64url', () => '!'],
  ['null', () => null],
  ['a list', () => []],
];

const swapped = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

/** Changes without meaning: values in DER and in CBOR have their own length, and bytes behind them are ignored. */
const MEANS_THE_SAME = new Set(['response.signature: more behind it', 'response.attestationObject: more behind it']);

/** Texts that identify nobody: a passkey works whatever they are. */
const SAYS_NOTHING = /^(response,transports|clientExtensionResults|authenticatorAttachment)/;

function expectRefused(answer: Answer, statuses: readonly number[], what = ''): void {
  expect(statuses, `${what} ${answer.text}`).toContain(answer.status);
  expect(answer.body).not.toHaveProperty('access_token');
}

const sessions = (id: number) =>
  env.DB.prepare('SELECT count(*) AS n FROM sessions WHERE account_id = ?').bind(id).first('n');
const passkeys = (id: number) =>
  env.DB.prepare('SELECT count(*) AS n FROM passkeys WHERE account_id = ?').bind(id).first('n');

describe('an assertion', () => {
  it('with any part of it changed lets nobody in', async () => {
    const person = await loggedIn(client);
    const { authenticator } = await addPasskey(client, person.access_token);
    const ask = async () => authenticator.get((await client.post('/api/login/passkey/options')).body);
    const before = await sessions(person.id);
    const paths = textsOf(await ask()).filter((path) => !SAYS_NOTHING.test(path.join()));
    expect(paths.length).toBeGreaterThanOrEqual(6);
    for (const path of paths)
      for (const [name, change] of CHANGES) {
        if (MEANS_THE_SAME.has(`${path.join('.')}: ${name}`)) continue;
        const real = await ask();
        const hostile = written(real, path, change(read(real, path)));
        expectRefused(
          await client.post('/api/login/passkey', { credential: hostile }),
          [400, 401],
          `${path.join('.')}: ${name}`,
        );
      }
    expect(await sessions(person.id)).toBe(before);
    expect((await passkeyLogin(client, authenticator)).status).toBe(200);
  });

  it('with a part of another account’s lets nobody in', async () => {
    const [ann, bob] = [await loggedIn(client), await loggedIn(client)];
    const [anns, bobs] = [await addPasskey(client, ann.access_token), await addPasskey(client, bob.access_token)];
    const { body: options } = await client.post('/api/login/passkey/options');
    const [real, other] = [await anns.authenticator.get(options), await bobs.authenticator.get(options)];
    const counts = await Promise.all([sessions(ann.id), sessions(bob.id)]);
    // Both signed the same options, so that their client data are alike.
    for (const path of textsOf(real).filter((each) => read(real, each) !== read(other, each)))
      expectRefused(
        await client.post('/api/login/passkey', { credential: written(real, path, read(other, path)) }),
        [400, 401],
      );
    expect(await Promise.all([sessions(ann.id), sessions(bob.id)])).toEqual(counts);
  });

  it('that was used lets nobody in again, at once or later', async () => {
    const { access_token: token } = await loggedIn(client);
    const { authenticator } = await addPasskey(client, token);
    const { body: options } = await client.post('/api/login/passkey/options');
    const credential = await authenticator.get(options);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/api/login/passkey', { credential })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expectRefused(await client.post('/api/login/passkey', { credential }), [401]);
  });

  it.each<[string, Behaviour]>([
    ['another origin', { origin: 'https://phish.example' }],
    ['another relying party', { rpId: 'phish.example' }],
    ['a creation', { type: 'webauthn.create' }],
    ['a challenge of the attacker', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a page in a frame', { crossOrigin: true, topOrigin: 'https://phish.example' }],
    ['nobody verified', { userVerified: false }],
    ['nobody present', { userPresent: false }],
    ['another user handle', { userHandle: 'AAAA' }],
  ])('of %s lets nobody in', async (_, behaviour) => {
    const { access_token: token } = await loggedIn(client);
    const { authenticator } = await addPasskey(client, token);
    expectRefused(await passkeyLogin(client, authenticator, behaviour), [401]);
  });
});

describe('a new passkey', () => {
  it('with any part of it changed is not added', async () => {
    const { id, access_token: token } = await loggedIn(client);
    const ask = async () =>
      newAuthenticator().create((await client.post('/api/passkeys/options', undefined, { token })).body);
    // Nothing attests the object, so most of its bytes may be changed freely.
    const paths = textsOf(await ask()).filter((path) => !SAYS_NOTHING.test(path.join()));
    for (const path of paths)
      for (const [name, change] of CHANGES.filter(
        ([name]) => path.at(-1) !== 'attestationObject' || !/character|end/.test(name),
      )) {
        if (MEANS_THE_SAME.has(`${path.join('.')}: ${name}`)) continue;
        const real = await ask();
        const credential = written(real, path, change(read(real, path)));
        expectRefused(
          await client.post('/api/passkeys', { name: 'Mine', credential }, { token }),
          [400],
          `${path.join('.')}: ${name}`,
        );
      }
    expect(await passkeys(id)).toBe(0);
  });

  it('is not added with the options of another session', async () => {
    const [ann, bob] = [await loggedIn(client), await loggedIn(client)];
    const { body: options } = await client.post('/api/passkeys/options', undefined, { token: ann.access_token });
    const credential = await newAuthenticator().create(options);
    expectRefused(await client.post('/api/passkeys', { name: 'Mine', credential }, { token: bob.access_token }), [400]);
    expect(await passkeys(bob.id)).toBe(0);
  });
});
