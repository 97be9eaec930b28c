// Every test brings its own people, so that no two of them share a name.
import { expect } from 'vitest';
import type { Client } from './client.ts';

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly username: string;
  readonly password: string;
}

export interface Pair {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

let count = 0;

/** Names that are free. */
export function stranger(): Omit<Person, 'id'> {
  count += 1;
  const name = `person${count}-${crypto.randomUUID().slice(0, 8)}`;
  return { email: `${name}@example.com`, username: name, password: `secret of ${name}` };
}

/** A person with an account, made through the Token API. */
export async function registered(client: Client): Promise<Person> {
  const person = stranger();
  const { status, body } = await client.post('/api/register', {
    email: person.email,
    username: person.username,
    password: person.password,
  });
  expect(status).toBe(201);
  return { ...person, id: body.id };
}

export async function logIn(client: Client, { email, password }: Pick<Person, 'email' | 'password'>): Promise<Pair> {
  const { status, body } = await client.post('/api/login', { email, password });
  expect(status).toBe(200);
  return body;
}

/** A person with an account and a token pair. */
export async function loggedIn(client: Client): Promise<Person & Pair> {
  const person = await registered(client);
  return { ...person, ...(await logIn(client, person)) };
}

/** An admin, as `npm run admin` would make one. */
export async function admin(client: Client): Promise<Person & Pair> {
  const person = await loggedIn(client);
  await client.env.DB.prepare("UPDATE accounts SET role = 'admin' WHERE id = ?").bind(person.id).run();
  return person;
}

/** A person with a session token from the Session API. */
export async function signedIn(client: Client): Promise<Person & { readonly token: string }> {
  const person = await registered(client);
  return { ...person, token: await sessionToken(client, person) };
}

export async function sessionToken(
  client: Client,
  { username, password }: Pick<Person, 'username' | 'password'>,
): Promise<string> {
  const { status, body } = await client.post('/auth', { username, password });
  expect(status).toBe(200);
  return body.token;
}
