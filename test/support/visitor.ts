// A visitor of the pages: a cookie, and forms that a browser would have sent.
import { expect } from 'vitest';
import type { Answer, Client } from './client.ts';
import type { Person } from './people.ts';

export interface Visitor {
  readonly cookie: string;
  readonly formToken: string;
}

/** Sends a form as a page of ours does. */
export const post = (client: Client, path: string, form: Record<string, string>, cookie?: string): Promise<Answer> =>
  client.send('POST', path, {
    form,
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: 'null', ...(cookie ? { Cookie: cookie } : {}) },
  });

export async function signIn(
  client: Client,
  { email, password }: Pick<Person, 'email' | 'password'>,
): Promise<Visitor> {
  const { status, headers } = await post(client, '/id/sign-in', { name: email, password });
  expect(status).toBe(303);
  const cookie = headers.get('Set-Cookie')?.split(';')[0] ?? '';
  const { text } = await client.get('/id', { headers: { Cookie: cookie } });
  return { cookie, formToken: /name="form_token" value="(\w+)"/.exec(text)?.[1] ?? '' };
}
