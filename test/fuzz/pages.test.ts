// The pages withstand hostile fields, queries and addresses, and show hostile names as text.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Answer } from '../support/client.ts';
import { newMailClient } from '../support/mailbox.ts';
import { admin, signedIn } from '../support/people.ts';
import { post, signIn, type Visitor } from '../support/visitor.ts';
import { STRINGS } from './hostile.ts';
import { SEGMENTS } from './plan.ts';
import { faultOf } from './world.ts';

const RUNS = Number(env.FUZZ_RUNS || 4);
const SEED = Number(env.FUZZ_SEED || 20_261_120);
const client = newMailClient({ RATE_LIMITS: 'off' });

/** Markup that a browser would run if it were not escaped. */
const MARKUP = '"><img src=x onerror=alert(1)>';
const RUNNABLE = /<img src=x|<svg onload|<script>alert/;

const routes = createApp().routes.filter(({ path, method }) => /^\/(admin|id)/.test(path) && method !== 'ALL');
const paths = (method: string) => [
  ...new Set(routes.filter((route) => route.method === method).map(({ path }) => path)),
];

let visitor: Visitor;
/** Signs up while signed in, which ends the session of the browser. */
let newcomer: Visitor;
let ids: Record<string, string>;
/** Every field and parameter of our forms. */
let names: readonly string[];
let requests = 0;

const fill = (path: string, hostile?: string) =>
  path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => hostile ?? ids[name] ?? '1');

async function show(address: string): Promise<Answer> {
  const answer = await client.get(address, { headers: { Cookie: visitor.cookie } });
  requests += 1;
  expect(faultOf(answer), `GET ${address}`).toBeUndefined();
  expect(answer.text, `GET ${address}`).not.toMatch(RUNNABLE);
  return answer;
}

beforeAll(async () => {
  const headers = { 'User-Agent': '<svg onload=alert(1)>' };
  const person = await signedIn(client);
  await client.patch('/api/me', { username: MARKUP }, { token: person.token, headers });
  const json = { code: MARKUP, type: MARKUP, quantity: 1, attributes: { [MARKUP]: MARKUP } };
  const { body } = await client.post('/entities', json, { token: person.token, headers });
  await client.post('/api/login', { email: person.email, password: person.password }, { headers });
  visitor = await signIn(client, await admin(client));
  newcomer = await signIn(client, person);
  ids = { id: String(person.id), session_id: crypto.randomUUID() };
  const pages = [
    ...paths('GET').map((path) => fill(path)),
    `/admin/entities/${body.id}`,
    `/admin/users/${person.id}`,
    '/admin/users?q=%22',
  ];
  const texts = await Promise.all(pages.map(async (page) => (await show(page)).text));
  expect(texts.filter((text) => text.includes('onerror=alert(1)')).length).toBeGreaterThan(3);
  names = [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/ name="(\w+)"/g)].map(([, name]) => name ?? ''))),
  ].filter((name) => name !== 'form_token');
});

const hostile = fc.constantFrom(...STRINGS, MARKUP);

describe('hostile', { timeout: 600_000 }, () => {
  it('queries are shown as text, or refused', async () => {
    const query = fc.array(fc.tuple(fc.constantFrom(...names), hostile), { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(fc.constantFrom(...paths('GET')), query, async (path, pairs) => {
      const search = new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()]));
      await show(`${fill(path)}?${search}`);
    });
    await fc.assert(property, { numRuns: 10 * RUNS, seed: SEED });
  });

  it('addresses are not found', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...paths('GET')),
      fc.constantFrom(...SEGMENTS),
      async (path, segment) => {
        await show(fill(path, segment));
      },
    );
    await fc.assert(property, { numRuns: 10 * RUNS, seed: SEED });
  });

  it('fields are refused, or stored and shown as text', async ({ annotate }) => {
    const fields = fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor'), hostile, { maxKeys: 6 });
    const property = fc.asyncProperty(
      fc.constantFrom(...paths('POST').filter((path) => !path.includes('sign-out'))),
      fields,
      async (path, form) => {
        const sent = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, value.toWellFormed()]));
        const { cookie, formToken } = path === '/id/sign-up' ? newcomer : visitor;
        const answer = await post(client, fill(path), { ...sent, form_token: formToken }, cookie);
        requests += 1;
        expect(faultOf(answer), `POST ${path}`).toBeUndefined();
        expect(answer.text).not.toMatch(RUNNABLE);
        expect(answer.headers.get('Location') ?? '/admin').toMatch(/^\/(admin|id)(\/|\?|$)/);
      },
    );
    await fc.assert(property, { numRuns: 15 * RUNS, seed: SEED });
    expect((await show('/admin')).status, 'still signed in').toBe(200);
    await annotate(`${requests} requests to ${routes.length} routes of pages, seed ${SEED}`);
  });
});
