// The settings of the administration: all or nothing, seen at once, on record.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../../src/domain/settings/settings.ts';
import { newClient } from '../../support/client.ts';
import { intercepted } from '../../support/intercepted.ts';
import { admin, logIn, registered } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();
const path = '/api/admin/settings';
/** KV takes one write a second for a key. */
const WRITE_INTERVAL_MS = 1000;
let person: Awaited<ReturnType<typeof admin>>;
let token: string;
let adminId: number;

beforeAll(async () => {
  person = await admin(client);
  token = person.access_token;
  adminId = person.id;
});

const changes = async () =>
  (await client.get('/api/admin/audit?action=setting.changed', { token })).body.events.map(
    ({ detail }: { detail: unknown }) => detail,
  );

describe('reading', () => {
  it('answers each with its value, default, range and description', async () => {
    const { status, body } = await client.get(path, { token });
    expect(status).toBe(200);
    expect(body.REFRESH_TOKEN_LIFETIME).toEqual({
      value: 2_592_000,
      default: 2_592_000,
      min: 1,
      max: 31_536_000,
      description: expect.any(String),
    });
    expect(body.REGISTRATION_OPEN).toMatchObject({ value: true, default: true, min: null, max: null });
    expect(body.MAX_ENTITIES_PER_ACCOUNT).toMatchObject({ value: 10_000, min: 1, max: 10_000_000 });
    expect(Object.keys(body)).toHaveLength(Object.keys(SETTINGS).length);
  });

  it('sees values put into KV by hand, and the default for invalid ones', async () => {
    await configure(client, { PASSWORD_MIN_LENGTH: '9', USERNAME_REQUIRED: 'maybe' });
    token = (await logIn(client, person)).access_token;
    const { body } = await client.get(path, { token });
    expect([body.PASSWORD_MIN_LENGTH.value, body.USERNAME_REQUIRED.value]).toEqual([9, true]);
    await configure(client, { PASSWORD_MIN_LENGTH: null, USERNAME_REQUIRED: null });
    token = (await logIn(client, person)).access_token;
  });
});

describe('changing', () => {
  it('is in force at once, for new tokens, and on record with the old and the new value', async () => {
    const { status, body } = await client.patch(path, { ACCESS_TOKEN_LIFETIME: 5 }, { token });
    expect({ status, value: body.ACCESS_TOKEN_LIFETIME.value }).toEqual({ status: 200, value: 5 });
    expect((await logIn(client, await registered(client))).expires_in).toBe(5);
    const [event] = (await client.get('/api/admin/audit?action=setting.changed', { token })).body.events;
    expect(event).toMatchObject({
      actor_id: adminId,
      user_id: null,
      detail: { setting: 'ACCESS_TOKEN_LIFETIME', from: 30, to: 5 },
    });
  });

  it('resets with null', async () => {
    client.clock.advance(WRITE_INTERVAL_MS);
    await client.patch(path, { ACCESS_TOKEN_LIFETIME: 5 }, { token });
    client.clock.advance(WRITE_INTERVAL_MS);
    const { body } = await client.patch(path, { ACCESS_TOKEN_LIFETIME: null }, { token });
    expect(body.ACCESS_TOKEN_LIFETIME.value).toBe(30);
    expect(await env.CONFIG.get('ACCESS_TOKEN_LIFETIME')).toBeNull();
    expect((await changes())[0]).toEqual({ setting: 'ACCESS_TOKEN_LIFETIME', from: 5, to: 30 });
  });

  it('records nothing where nothing changes', async () => {
    await client.patch(path, { REFRESH_REUSE_GRACE: 7 }, { token });
    const before = await changes();
    for (const body of [{}, { REFRESH_REUSE_GRACE: 7 }, { SESSION_TOKEN_LIFETIME: null }]) {
      expect((await client.patch(path, body, { token })).status).toBe(200);
    }
    expect(await changes()).toEqual(before);
  });

  it.each([
    [{ ACCESS_TOKEN_LIFETIME: 0 }, 'ACCESS_TOKEN_LIFETIME'],
    [{ ACCESS_TOKEN_LIFETIME: 86_401 }, 'ACCESS_TOKEN_LIFETIME'],
    [{ ACCESS_TOKEN_LIFETIME: 1.5 }, 'ACCESS_TOKEN_LIFETIME'],
    [{ ACCESS_TOKEN_LIFETIME: '60' }, 'ACCESS_TOKEN_LIFETIME'],
    [{ ACCESS_TOKEN_LIFETIME: true }, 'ACCESS_TOKEN_LIFETIME'],
    [{ REGISTRATION_OPEN: 1 }, 'REGISTRATION_OPEN'],
    [{ REGISTRATION_OPEN: 'false' }, 'REGISTRATION_OPEN'],
  ])('refuses %j', async (body, field) => {
    const answer = await client.patch(path, body, { token });
    expect({ status: answer.status, code: answer.body.code, path: answer.body.errors[0].path }).toEqual({
      status: 400,
      code: 'invalid_body',
      path: field,
    });
  });

  it('changes nothing where one of several is not valid, or is unknown', async () => {
    const invalid = await client.patch(path, { PASSWORD_MIN_LENGTH: 10, ACCESS_TOKEN_LIFETIME: 0 }, { token });
    expect(invalid.status).toBe(400);
    const unknown = await client.patch(path, { PASSWORD_MIN_LENGTH: 10, COLOUR: 'red' }, { token });
    expect({ status: unknown.status, code: unknown.body.code, errors: unknown.body.errors }).toEqual({
      status: 400,
      code: 'unknown_setting',
      errors: [{ path: 'COLOUR', message: 'is not a setting' }],
    });
    expect((await client.get(path, { token })).body.PASSWORD_MIN_LENGTH.value).toBe(6);
  });

  it('refuses a list', async () => {
    expect((await client.patch(path, [], { token })).body.code).toBe('invalid_body');
  });
});

/** KV whose first puts of one key fail, as with more than one write a second. */
const refusing = (key: string, times: number): KVNamespace => {
  let left = times;
  return intercepted(client.env.CONFIG, (name, method) => (...args) => {
    if (name !== 'put' || args[0] !== key || left === 0) return method(...args);
    left -= 1;
    return Promise.reject(new Error('KV PUT failed: 429 Too Many Requests'));
  });
};

describe('when KV refuses a write', () => {
  it('tries again a little later', async () => {
    const limited = newClient({ CONFIG: refusing('SESSION_TOKEN_LIFETIME', 1) }, { clock: client.clock });
    const { status, body } = await limited.patch(path, { SESSION_TOKEN_LIFETIME: 99 }, { token });
    expect({ status, value: body.SESSION_TOKEN_LIFETIME.value }).toEqual({ status: 200, value: 99 });
  });

  it('changes nothing in the end, says so, and keeps a record of both', async () => {
    const failing = newClient({ CONFIG: refusing('REFRESH_TOKEN_LIFETIME', 3) }, { clock: client.clock });
    const { status, body } = await failing.patch(
      path,
      { REFRESH_TOKEN_LIFETIME: 60, PASSWORD_MIN_LENGTH: 12 },
      { token },
    );
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' });
    expect(await client.env.CONFIG.get('PASSWORD_MIN_LENGTH')).toBeNull();
    expect((await changes()).slice(0, 4)).toEqual([
      { setting: 'PASSWORD_MIN_LENGTH', from: 12, to: 6 },
      { setting: 'REFRESH_TOKEN_LIFETIME', from: 60, to: 2_592_000 },
      { setting: 'PASSWORD_MIN_LENGTH', from: 6, to: 12 },
      { setting: 'REFRESH_TOKEN_LIFETIME', from: 2_592_000, to: 60 },
    ]);
  });
});

it('does not fall back to the stale value of an edge cache right after a change', async () => {
  const cached = new Map<string, string | null>();
  const stale = intercepted(client.env.CONFIG, (name, method) => async (...args) => {
    if (name !== 'get' || !Array.isArray(args[0])) return method(...args);
    if (cached.size === 0)
      for (const [key, text] of (await method(...args)) as Map<string, string | null>) cached.set(key, text);
    return cached;
  });
  const here = newClient({ CONFIG: stale }, { clock: client.clock });
  await here.get(path, { token });
  client.clock.advance(WRITE_INTERVAL_MS);
  await here.patch(path, { PASSWORD_MIN_LENGTH: 14 }, { token });
  expect((await here.get(path, { token })).body.PASSWORD_MIN_LENGTH.value).toBe(14);
});
