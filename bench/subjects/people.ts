// The people whose tokens are in requests to our operations.
import type { Sender, Shot } from '../subject.ts';
import { bearer, call, each, newPerson, type Pair, type Person } from './client.ts';
import { CONNECTIONS } from './limits.ts';

type People = readonly Person[];
const people = new Map<string, People>();

/** The same people for every round, on each server. */
export async function peopleOf(origin: string): Promise<People> {
  const known = people.get(origin) ?? (await each(CONNECTIONS, () => register(origin)));
  people.set(origin, known);
  return known;
}

async function register(origin: string): Promise<Person> {
  const person = newPerson();
  await call(`${origin}/api/register`, person);
  return person;
}

export const pairs = async (origin: string): Promise<readonly Pair[]> => {
  const known = await peopleOf(origin);
  return each(CONNECTIONS, async (i) => (await call<Pair>(`${origin}/api/login`, known[i])).body);
};

export const withAccessTokens = async (origin: string, shot: Shot, body?: string): Promise<Shot> => ({
  ...shot,
  senders: (await pairs(origin)).map(({ access_token }) => ({
    headers: bearer(access_token),
    ...(body === undefined ? {} : { body }),
  })),
});

export async function withSessionTokens(origin: string, shot: Shot): Promise<Shot> {
  const known = await peopleOf(origin);
  const senders = await each(CONNECTIONS, async (i): Promise<Sender> => {
    const { body } = await call<{ auth_token: string }>(`${origin}/auth/login`, known[i]);
    return { headers: bearer(body.auth_token) };
  });
  return { ...shot, senders };
}

export const aToken = async (origin: string): Promise<string> => (await pairs(origin))[0]?.access_token ?? '';
