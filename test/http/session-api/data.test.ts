// The account's own data: any JSON object of at most 16 KiB, as it was; PUT replaces it, PATCH merges (RFC 7396).
import { describe, expect, it } from 'vitest';
import { type Client, newClient } from '../../support/client.ts';
import { registered, sessionToken, signedIn, stranger } from '../../support/people.ts';

const client = newClient();

/** Calls with JSON as text: an object literal of ours would take `__proto__` for its prototype. */
const sendText = (method: string, path: string, raw: string, token?: string, by: Client = client) =>
  by.send(method, path, {
    raw,
    headers: { 'Content-Type': 'application/json' },
    ...(token === undefined ? {} : { token }),
  });

async function somebody() {
  const { token, username, email } = await signedIn(client);
  const path = `/user/${username}`;
  const names = `"username":"${username}","email":"${email}"`;
  return {
    token,
    email,
    path,
    put: (raw: string) => sendText('PUT', path, raw, token),
    patch: (raw: string) => sendText('PATCH', path, raw, token),
    /** The fields of an answer besides the names, as text. */
    dataOf: (text: string) => text.replace(`${names},`, '').replace(names, ''),
    read: async () => (await client.get(path, { token })).text.replace(`${names},`, '').replace(names, ''),
  };
}

const AS_THEY_WERE = [
  '{"a":{"b":[1,{"c":[[],{},null,true,false,""]}]}}',
  '{"text":"ünï \\" \\\\ \\n 名前 🙂 \\u0000 \\u2028 \\ud800"}',
  '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"x":1}}}',
  '{"deep":{"__proto__":[1],"list":[{"__proto__":null,"toString":1}]}}',
  '{"__proto__":"text","hasOwnProperty":1,"valueOf":{},"":0,"$ref":"#","toJSON":1}',
  '{"numbers":[0,1.5,-1e-7,1e+21,9007199254740991]}',
  '{"1":"b","10":"c","a":null}',
  '{"":[],"\\u0000":0,"a":{"":1,"\\u0000":2,"\\u0000\\u0000":3}}',
  '{"Username":"x","EMAIL":"y","Id":1,"nested":{"id":1,"role":"admin","email":"z","username":"w","password":"v"}}',
];

describe.each(AS_THEY_WERE)('%s', (raw) => {
  const same = (text: string) => JSON.stringify(JSON.parse(text));

  it('is stored and comes back as it was, by POST, PUT and PATCH', async () => {
    const person = await somebody();
    expect(person.dataOf((await person.put(raw)).text)).toBe(same(raw));
    expect(await person.read()).toBe(same(raw));
    await person.put('{}');
    const merged = raw.replace('"a":null', '"a":1').replace(/"__proto__":null/, '"__proto__":2');
    expect(person.dataOf((await person.patch(merged)).text)).toBe(same(merged));

    const { username, password } = stranger();
    const { status, text } = await sendText(
      'POST',
      '/user',
      raw.replace('{', `{"username":"${username}","password":"${password}",`),
    );
    expect({ status, text }).toEqual({ status: 201, text: same(raw.replace('{', `{"username":"${username}",`)) });
    const token = await sessionToken(client, { username, password });
    for (const path of ['/', `/user/${username}`]) expect((await client.get(path, { token })).text).toBe(text);
  });
});

it('pollutes no prototype', async () => {
  const person = await somebody();
  await person.put('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
  await person.patch('{"__proto__":{"polluted":1}}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('the size', () => {
  const filled = (bytes: number) =>
    JSON.stringify({ x: 'é'.repeat(Math.floor((bytes - 8) / 2)) + 'x'.repeat((bytes - 8) % 2) });

  it('may be 16 KiB of UTF-8 and not a byte more, by POST, PUT and PATCH', async () => {
    const person = await somebody();
    for (const send of [person.put, person.patch]) {
      expect((await send(filled(16 * 1024))).status).toBe(200);
      const { status, body } = await send(filled(16 * 1024 + 1));
      expect({ status, code: body.code, errors: body.errors }).toEqual({
        status: 400,
        code: 'invalid_body',
        errors: [{ path: '', message: 'must be at most 16384 bytes of JSON' }],
      });
    }
    for (const [bytes, status] of [
      [16 * 1024, 201],
      [16 * 1024 + 1, 400],
    ] as const) {
      expect((await client.post('/user', { ...stranger(), ...JSON.parse(filled(bytes)) })).status).toBe(status);
    }
  });

  it('is that of the merged data', async () => {
    const person = await somebody();
    await person.put(filled(16 * 1024));
    const before = await person.read();
    const { status, body } = await person.patch('{"y":1}');
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
    expect(await person.read()).toBe(before);
    expect(person.dataOf((await person.patch('{"y":1,"x":null}')).text)).toBe('{"y":1}');
  });

  it.each([
    ['1000 levels of objects', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
    ['1000 levels of lists', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`],
    ['30 000 levels of lists', `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['a number that no double holds', '{"a":[1e999]}'],
  ])('refuses %s', async (_, raw) => {
    const person = await somebody();
    for (const send of [person.put, person.patch]) expect((await send(raw)).status).toBe(400);
    expect(
      (await sendText('POST', '/user', raw.replace('{', '{"username":"levels","password":"secret1",'))).status,
    ).toBe(400);
    expect(await person.read()).toBe('{}');
  });

  it('may have 200 levels', async () => {
    const person = await somebody();
    const raw = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`;
    for (const send of [person.put, person.patch]) expect(person.dataOf((await send(raw)).text)).toBe(raw);
  });
});

describe.each(['PUT', 'PATCH'])('%s', (method) => {
  it.each(['id', 'role', 'active', 'created_at', 'updated_at'])('refuses %s, whatever its value', async (key) => {
    const { path, token, read } = await somebody();
    for (const value of ['admin', 1, null, true]) {
      const { status, body } = await client.send(method, path, { json: { [key]: value, kept: 1 }, token });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
      expect(body.errors).toEqual([{ path: key, message: 'cannot be set' }]);
    }
    expect(await read()).toBe('{}');
  });

  it('ignores a username and a password', async () => {
    const { username, password } = await registered(client);
    const token = await sessionToken(client, { username, password });
    const json = { username: 'another', password: 1, kept: 1 };
    expect((await client.send(method, `/user/${username}`, { json, token })).body).toMatchObject({ username, kept: 1 });
    const text = (await client.get(`/user/${username}`, { token })).text;
    expect(text).not.toContain('password');
    await sessionToken(client, { username, password });
  });

  it('sets the email, which must be one and free, and clears it', async () => {
    const [{ path, token, email }, other] = [await somebody(), await registered(client)];
    const send = async (value: unknown) => {
      const { status, body } = await client.send(method, path, { json: { email: value }, token });
      return { status, email: body.email, code: body.code };
    };
    const next = stranger().email;
    expect(await send(other.email.toUpperCase())).toEqual({ status: 409, code: 'email_taken' });
    for (const bad of ['ben', 1, {}, [], true]) expect(await send(bad)).toEqual({ status: 400, code: 'invalid_body' });
    expect(await send(email.toUpperCase())).toEqual({ status: 200, email: email.toUpperCase() });
    expect(await send(next)).toEqual({ status: 200, email: next });
    for (const none of [null, '', ' ']) expect(await send(none)).toEqual({ status: 200 });
    expect((await client.get('/api/me', { token })).body.email).toBe('');
  });

  it('takes a form', async () => {
    const { path, token } = await somebody();
    const { status, body } = await client.send(method, path, { form: { nickname: 'Benny', age: '7' }, token });
    expect(status).toBe(200);
    expect(body).toMatchObject({ nickname: 'Benny', age: '7' });
  });

  it.each(['[]', 'null', '"text"', '1', '', '{'])('refuses the body %j', async (raw) => {
    const { path, token, put, read } = await somebody();
    await put('{"kept":1}');
    expect((await sendText(method, path, raw, token)).status).toBe(400);
    expect((await client.send(method, path, { token })).status).toBe(400);
    expect(await read()).toBe('{"kept":1}');
  });

  it('refuses another media type', async () => {
    const { path, token } = await somebody();
    expect(
      (await client.send(method, path, { raw: '{}', headers: { 'Content-Type': 'text/plain' }, token })).status,
    ).toBe(415);
  });
});

describe('PUT', () => {
  it('replaces the data, and leaves an email that is not in it', async () => {
    const person = await somebody();
    await person.put('{"a":1,"b":{"c":1}}');
    const { body } = await person.put('{"b":{"d":1}}');
    expect(body).toMatchObject({ email: person.email, b: { d: 1 } });
    expect(await person.read()).toBe('{"b":{"d":1}}');
  });
});

describe('PATCH', () => {
  it('loses none of 20 concurrent ones', async () => {
    const person = await somebody();
    const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
    const answers = await Promise.all(
      keys.map((key) => person.patch(JSON.stringify({ [key]: { nested: key }, all: { [key]: 1 } }))),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    const { body } = await client.get(person.path, { token: person.token });
    for (const key of keys) expect(body).toMatchObject({ [key]: { nested: key }, all: { [key]: 1 } });
  });

  it('gives an email that two want to exactly one of them', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => somebody()));
    const { email } = stranger();
    const answers = await Promise.all(people.map(({ patch }) => patch(JSON.stringify({ email }))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
  });
});
