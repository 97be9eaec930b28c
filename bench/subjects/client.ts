// The few calls that prepare a measurement; any answer but the expected stops the run.

export interface Person {
  readonly email: string;
  readonly username: string;
  readonly password: string;
}

export interface Pair {
  readonly access_token: string;
  readonly refresh_token: string;
}

export async function call<T>(
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ readonly body: T; readonly headers: Headers }> {
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, {
    ...post,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}: ${text}`);
  return { body: JSON.parse(text) as T, headers: response.headers }; // responses are not validated here
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

let people = 0;
export function newPerson(): Person {
  const name = `bench${process.pid}x${people++}`;
  return { email: `${name}@example.com`, username: name, password: `secret of ${name}` };
}

/** One after another: the one instance of Argon2id would not be faster in parallel. */
export async function each<T>(count: number, make: (index: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}
