// The contract of Imports: a line makes an account if its names and tokens are free, and changes none that was used.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { foldKey } from '../../src/domain/accounts/names.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import type { NumberedLine } from '../../src/domain/transfer/import.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { HASH, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, DAY_MS, HOUR_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { changeMails, NO_MAILS } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const OPTIONS = { allowAdmins: false, replace: false, withoutPassword: false };
const REPLACING = { ...OPTIONS, replace: true };
const LONG_AGO = NOW - 400 * DAY_MS;

const lineOf = (number: number, fields: Partial<NumberedLine> = {}): NumberedLine => {
  const names = { username: `Line ${number}`, email: `Line.${number}@example.com` };
  const line = { ...names, emailVerified: false, role: 'user', active: true, data: {}, passwordHash: HASH } as const;
  const whole = { ...line, createdAt: LONG_AGO, refreshTokens: [], isRepeated: false, ...fields };
  const keyOf = (name: string | null) => (name === null ? null : foldKey(name));
  return { ...whole, number, usernameKey: keyOf(whole.username), emailKey: keyOf(whole.email) };
};

describe.each(ADAPTERS)('imports %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
  });

  async function write(lines: readonly NumberedLine[], options = OPTIONS, refused = 0) {
    const written = await adapters.imports.write(lines, refused, options, administering(boss.id));
    if (isRefusal(written)) throw new Error(written.refused);
    return written;
  }
  /** The id of the account that a line made. */
  async function made(line: NumberedLine, options = OPTIONS): Promise<number> {
    const id = (await write([line], options)).made.get(line.number);
    if (id === undefined) throw new Error('the line made nothing');
    return id;
  }
  const find = (id: number) => adapters.administration.find(id);
  const hashOf = async (id: number) => (await adapters.guesses.guessForSession(id, 'any', acting(id))).passwordHash;
  const sessionsOf = async (id: number) => (await adapters.ownData.sessions(id, undefined)).items;

  it('make accounts with all that their lines have, and one event', async () => {
    const fields = { emailVerified: true, role: 'admin', active: false, data: { a: [1] }, passwordHash: null } as const;
    const lines = [lineOf(1, fields), lineOf(3, { email: null })];
    const { made: ids, matches } = await write(lines, OPTIONS, 4);
    const [one = 0, three = 0] = [ids.get(1), ids.get(3)];
    const times = { createdAt: LONG_AGO, updatedAt: NOW };
    const { passwordHash: __, ...account } = fields;
    const names = { username: 'Line 1', email: 'Line.1@example.com' };
    expect(await find(one)).toEqual({ id: one, ...names, ...account, ...times });
    expect(await find(three)).toMatchObject({ username: 'Line 3', email: null, emailVerified: false });
    expect([await hashOf(three), (await find(one))?.active]).toEqual([HASH, false]);
    expect(matches.get(1)).toEqual({ byEmail: undefined, byUsername: undefined, isReserved: false });
    const detail = { import_id: expect.any(String), imported: 2, existing: 0, refused: 4 };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'accounts.imported', actorId: boss.id, detail });
  });

  it('open a session for each refresh token, which proved nothing and is known when it comes back', async () => {
    const tokens = [{ hash: 'a token', expiresAt: NOW + HOUR_MS }];
    const id = await made(lineOf(1, { refreshTokens: tokens }));
    expect(await sessionsOf(id)).toMatchObject([{ kind: 'refresh', expiresAt: NOW + HOUR_MS, ip: null }]);
    const ends = { expiresAt: NOW + DAY_MS, maxAgeMs: DAY_MS };
    const rotated = await adapters.sessions.rotate(null, 'a token', 'next', ends, NOW);
    expect(rotated).toMatchObject({ accountId: id, authentication: { methods: ['pwd'], at: 0 } });
    const refused = { tokenHash: 'a token', by: 'refresh' } as const;
    expect(await adapters.sessions.revokeByReuse(null, [], refused, nobody())).toBe(true);
    expect(await sessionsOf(id)).toMatchObject([{ revokedAt: NOW }]);
  });

  it('make nothing of a line that is repeated, or whose names are taken, and tell by whom', async () => {
    const ann = await newAccount(adapters);
    const { username, email } = ann;
    const lines = [lineOf(1, { email }), lineOf(2, { username }), lineOf(3, { isRepeated: true })];
    const { made: ids, matches } = await write(lines);
    expect(ids.size).toBe(0);
    const theirs = { id: ann.id, isImported: false };
    expect(matches.get(1)).toEqual({ byEmail: theirs, byUsername: undefined, isReserved: false });
    expect(matches.get(2)).toEqual({ byEmail: undefined, byUsername: theirs, isReserved: false });
    expect(await lastEvent(adapters, {})).toMatchObject({ detail: { imported: 0, existing: 2, refused: 1 } });
    const imported = await made(lineOf(4));
    expect((await write([lineOf(4)])).matches.get(4)?.byEmail).toEqual({ id: imported, isImported: true });
  });

  it('make nothing of a line whose email another account may take back', async () => {
    const ann = await newAccount(adapters);
    await adapters.verifyEmail(ann.id);
    await adapters.accounts.rename({ email: 'new@example.com' }, changeMails('new@example.com'), acting(ann.id));
    const { made: ids, matches } = await write([lineOf(1, { email: ann.email })]);
    expect([ids.size, matches.get(1)?.isReserved]).toEqual([0, true]);
  });

  it('make nothing of a line with a refresh token of another account', async () => {
    const ann = await newAccount(adapters);
    await openSession(adapters, ann, { kind: 'refresh', tokenHash: 'a token' });
    const refreshTokens = [{ hash: 'a token', expiresAt: NOW + HOUR_MS }];
    expect((await write([lineOf(1, { refreshTokens })])).made.size).toBe(0);
    expect(await lastEvent(adapters, {})).toMatchObject({ detail: { imported: 0, existing: 0, refused: 1 } });
  });

  describe('replace', () => {
    const changed = (fields: Partial<NumberedLine> = {}) =>
      lineOf(1, { username: 'Another', data: { b: 2 }, passwordHash: null, ...fields });

    it('an account that nobody has used, with its password and sessions', async () => {
      const id = await made(lineOf(1, { refreshTokens: [{ hash: 'a token', expiresAt: NOW + HOUR_MS }] }));
      expect((await write([changed()])).made.size).toBe(0);
      expect(await made(changed(), REPLACING)).toBe(id);
      expect(await find(id)).toMatchObject({ username: 'Another', email: 'Line.1@example.com', data: { b: 2 } });
      expect([await hashOf(id), await sessionsOf(id)]).toEqual([undefined, []]);
      expect(await made(lineOf(1), REPLACING)).toBe(id);
    });

    it('nothing of an account that signed up here', async () => {
      const { email } = await newAccount(adapters);
      expect((await write([changed({ email })], REPLACING)).made.size).toBe(0);
    });

    it.each<[string, (id: number) => Promise<unknown>]>([
      ['signed in', async (id) => openSession(adapters, await accountOf(id))],
      ['was renamed', (id) => adapters.accounts.rename({ username: 'Renamed' }, NO_MAILS, acting(id))],
      [
        'refreshed a token',
        () => adapters.sessions.rotate(null, 'a token', 'next', { expiresAt: NOW + 9, maxAgeMs: DAY_MS }, NOW),
      ],
      ['logged out', () => adapters.sessions.endByToken(null, 'a token', nobody())],
      ['was deactivated', (id) => adapters.administration.change(id, { active: false }, administering(boss.id))],
    ])('nothing of an account that %s', async (__, use) => {
      const id = await made(lineOf(1, { refreshTokens: [{ hash: 'a token', expiresAt: NOW + HOUR_MS }] }));
      await use(id);
      const used = await find(id);
      expect((await write([changed()], REPLACING)).made.size).toBe(0);
      expect(await find(id)).toEqual(used);
    });

    it('one account by the first of two lines for it, and none by a line that fits two', async () => {
      const [one, two] = [await made(lineOf(1)), await made(lineOf(2))];
      const both = lineOf(3, { username: 'Line 2', email: 'Line.1@example.com' });
      expect((await write([both], REPLACING)).made.size).toBe(0);
      const [first, second] = [
        lineOf(4, { username: 'Line 1', email: null, data: { first: true } }),
        lineOf(5, { username: null, email: 'Line.1@example.com' }),
      ];
      expect([...(await write([first, second], REPLACING)).made]).toEqual([[4, one]]);
      expect(await find(one)).toMatchObject({ data: { first: true } });
      expect(await find(two)).toMatchObject({ username: 'Line 2' });
    });
  });

  const accountOf = async (id: number) => {
    const account = await find(id);
    if (!account) throw new Error(`no account ${id}`);
    return account;
  };

  it('are written by admins alone, and by no authority that has ended', async () => {
    const ann = await newAccount(adapters);
    for (const [audit, refused] of [
      [administering(ann.id), 'forbidden'],
      [acting(boss.id, { sessionId: 'none' }), 'token_revoked'],
    ] as const)
      expect(await adapters.imports.write([lineOf(1)], 0, OPTIONS, audit)).toMatchObject({ refused });
    expect((await write([])).made.size).toBe(0);
    expect(await made(lineOf(1))).toBeGreaterThan(0);
  });
});
