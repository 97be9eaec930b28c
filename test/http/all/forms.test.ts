// Every form of every page refuses other sites' requests, even forms for signed-out visitors, which have no token.
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { newClient } from '../../support/client.ts';
import { registered } from '../../support/people.ts';
import { signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const person = await registered(client);
const { cookie } = await signIn(client, person);

const FORMS = [
  ...new Set(
    createApp()
      .routes.filter(({ method, path }) => method === 'POST' && /^\/(id|admin)\//.test(path))
      .map(({ path }) => path.replaceAll(/:\w+/g, '1')),
  ),
].sort();

/** The headers of a form that is not ours, by its sender. */
const SENDERS: readonly (readonly [sender: string, headers: Record<string, string>])[] = [
  ['a page of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
  ['a page of another site that hides its origin', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
  ['a page of a subdomain', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://evil.localhost' }],
  ['a page of another port', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:8788' }],
  ['no page', { 'Sec-Fetch-Site': 'none' }],
  ['another site in an old browser', { Origin: 'https://evil.example' }],
  ['a subdomain in an old browser', { Origin: 'http://evil.localhost' }],
  ['another scheme in an old browser', { Origin: 'https://localhost' }],
  ['an origin like ours in an old browser', { Origin: 'http://localhost.evil.example' }],
  ['a hidden origin in an old browser', { Origin: 'null' }],
  ['whoever has no headers', {}],
];

const FIELDS = { name: person.email, email: 'x@example.com', password: person.password, token: 'x', form_token: 'x' };

describe('a form', () => {
  it('for signed-out visitors is among those tried', () => {
    const open = ['sign-in', 'sign-in/passkey', 'second-factor', 'sign-up', 'forgot-password', 'reset-password'];
    expect(FORMS).toEqual(expect.arrayContaining([...open, 'verify-email', 'undo-email'].map((name) => `/id/${name}`)));
  });

  it.each(FORMS)('%s does nothing for another site', async (path) => {
    for (const [sender, headers] of SENDERS) {
      for (const who of [{}, { Cookie: cookie }]) {
        const answer = await client.send('POST', path, { form: FIELDS, headers: { ...headers, ...who } });
        expect([answer.status, answer.headers.get('Set-Cookie')], sender).toEqual([403, null]);
        expect(answer.text, sender).toContain('Nothing was changed');
      }
    }
  });

  it.each([
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'null' },
    { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost' },
    { Origin: 'http://localhost' },
  ])('of our own page signs in, with %j', async (headers) => {
    const form = { name: person.email, password: person.password };
    const answer = await client.send('POST', '/id/sign-in', { form, headers: headers as Record<string, string> });
    expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([303, expect.any(String)]);
  });
});
