// A copy of D1 and KV, without the Worker's secrets, yields no code, no secret and no login.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { enrolled } from '../../support/authenticator-app.ts';
import { newMailClient, tokenMailedTo } from '../../support/mailbox.ts';
import { sessionToken } from '../../support/people.ts';
import { addPasskey } from '../../support/soft-authenticator.ts';
import { stored } from '../../support/stored.ts';

const client = newMailClient({ RATE_LIMITS: 'off' });

/** Every text and every number in a value, deep in JSON texts too. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return [value, ...jsonIn(value)];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(leavesOf);
}

/** The unkeyed digests of a text, in each encoding. */
async function digestsOf(text: string): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(text);
  const digests = await Promise.all(
    ['MD5', 'SHA-1', 'SHA-256', 'SHA-512'].map((name) => crypto.subtle.digest(name, bytes)),
  );
  return digests
    .map((digest) => new Uint8Array(digest))
    .flatMap((digest) => [
      digest.toHex(),
      digest.toBase64({ omitPadding: true }),
      digest.toBase64({ alphabet: 'base64url', omitPadding: true }),
    ]);
}

function jsonIn(text: string): readonly string[] {
  if (!/^[[{]/.test(text)) return [];
  try {
    return leavesOf(JSON.parse(text));
  } catch {
    return [];
  }
}

it('opens nothing: no secret is in it, and nothing in it is one', async () => {
  const person = await enrolled(client);
  const { email, password, secret, codes } = person;
  await addPasskey(client, person.access_token);
  const session = await sessionToken(client, { ...person, password: `${password}` }).catch(() => '');
  await client.post('/api/password/forgot', { email });
  const mailed = tokenMailedTo(client, email);
  expect(mailed).not.toBe('');

  const dump = {
    ...(await stored()),
    challenges: (await env.DB.prepare('SELECT * FROM used_challenges').all()).results,
  };
  const leaves = [...new Set(leavesOf(dump))];
  const text = leaves.join('\n');
  const bare = codes.map((code) => code.replaceAll('-', ''));
  // Passwords are not among them: tests have cheap hashes, which quote them. Real ones: test/domain/passwords.
  for (const clear of [secret, mailed, person.refresh_token, person.access_token, session, ...codes, ...bare])
    if (clear) expect(text).not.toContain(clear);

  // A guess at a code cannot even be tried on the dump: the stored text of a code needs a key.
  for (const code of [...codes, ...bare, ...bare.map((each) => each.toUpperCase())]) {
    for (const digest of await digestsOf(code)) expect(text).not.toContain(digest);
  }

  const tries = leaves.filter((leaf) => leaf.length >= 6 && leaf.length <= 2000);
  expect(tries.length).toBeGreaterThan(20);
  for (const leaf of tries) {
    const answers = await Promise.all([
      client.post('/api/login', { email, password: leaf }),
      client.post('/api/refresh', { refresh_token: leaf }),
      client.post('/api/password/reset', { token: leaf, password: 'a new password of a thief' }),
      client.post('/api/email/undo', { token: leaf }),
      client.get('/api/me', { headers: { Authorization: `Bearer ${leaf.replaceAll(/[^\x21-\x7e]/g, '')}` } }),
    ]);
    for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
    // The password that is known, and something of the dump as the second factor.
    const login = await client.post('/api/login', { email, password, otp: leaf });
    expect(login.status).not.toBe(200);
    client.clock.advance(60 * 60 * 1000);
    await env.DB.prepare('DELETE FROM password_guesses').run();
    await env.DB.prepare('DELETE FROM used_challenges').run();
  }
});
