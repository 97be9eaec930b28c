// Settings are read from KV; a missing or invalid one has its default.
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { parseSetting } from '../../../src/domain/settings/kinds.ts';
import { SETTINGS } from '../../../src/domain/settings/settings.ts';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { loggedIn, logIn, registered, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();

describe('a setting in KV', () => {
  it.each(['0', '86401', '-5', '5.5', '5s', '', '1e3', '99999999999999999999', 'null'])(
    'is the default, and logged, when it is %j',
    async (text) => {
      const warned = vi.spyOn(console, 'warn');
      const person = await registered(client);
      await configure(client, { ACCESS_TOKEN_LIFETIME: text });
      expect((await logIn(client, person)).expires_in).toBe(30);
      expect(warned).toHaveBeenCalledWith({ event: 'setting.invalid', setting: 'ACCESS_TOKEN_LIFETIME' });
      await configure(client, { ACCESS_TOKEN_LIFETIME: null });
    },
  );

  it('is taken with white space around it, as an editor may leave it', async () => {
    await configure(client, { ACCESS_TOKEN_LIFETIME: ' 7\n' });
    expect((await loggedIn(client)).expires_in).toBe(7);
    await configure(client, { ACCESS_TOKEN_LIFETIME: null });
  });

  it('requires longer passwords at sign-up, and never at login', async () => {
    const person = await registered(client);
    await configure(client, { PASSWORD_MIN_LENGTH: '128' });
    const { status, body } = await client.post('/api/register', stranger());
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'password_too_short' });
    await logIn(client, person);
    await configure(client, { PASSWORD_MIN_LENGTH: null });
  });

  it('closes registration', async () => {
    await configure(client, { REGISTRATION_OPEN: 'false' });
    const { status, body } = await client.post('/api/register', stranger());
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'registration_closed' });
    await configure(client, { REGISTRATION_OPEN: null });
  });
});

describe('reading settings', () => {
  it('is one bulk get, kept for a few seconds', async () => {
    const { env: stores, calls, reset } = counted(env);
    const counting = newClient(stores);
    const person = await registered(counting);
    reset();
    await logIn(counting, person);
    expect(calls.kvReads).toBe(0);
    counting.clock.advance(5_000);
    await logIn(counting, person);
    expect(calls.kvReads).toBe(1);
  });
});

describe('parseSetting', () => {
  it('takes both ends of a range and no more', () => {
    const { min, max } = SETTINGS.REFRESH_REUSE_GRACE;
    const taken = [min - 1, min, max, max + 1].map((value) =>
      parseSetting(SETTINGS.REFRESH_REUSE_GRACE, String(value)),
    );
    expect(taken).toEqual([undefined, min, max, undefined]);
  });

  it('takes true and false for a bool, and nothing like them', () => {
    const taken = ['true', 'false', 'yes', '1', 'TRUE'].map((text) => parseSetting(SETTINGS.REGISTRATION_OPEN, text));
    expect(taken).toEqual([true, false, undefined, undefined, undefined]);
  });
});
