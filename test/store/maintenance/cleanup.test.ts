// The scheduled job removes rows that ended long ago, while there are more and time is left, and no live ones.
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../../src/index.ts';
import { runJobs } from '../../../src/jobs.ts';
import { countOf as count, fill } from '../../support/series.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const now = Date.now();
const ago = (days: number) => now - days * DAY_MS;

/** Enough accounts that none of them has too many sessions. */
const ACCOUNTS = 300;
const SESSION = 'id, account_id, kind, created_at, last_used_at, expires_at, revoked_at';
const session = (name: string, expiresAt: number, revokedAt: number | null, rows = 1) =>
  fill('sessions', SESSION, `'${name}' || i, 1 + i % ${ACCOUNTS}, 'session', 0, 0, ${expiresAt}, ${revokedAt}`, rows);

/** The line that the job logs when it runs at `clock`'s time. */
async function cleaned(clock: () => number = () => now) {
  const log = vi.spyOn(console, 'log');
  await runJobs(env, clock);
  const line = log.mock.calls.map(([each]) => each).find(({ job }) => job === 'cleanup');
  vi.restoreAllMocks();
  return line;
}

beforeEach(async () => {
  for (const table of ['sessions', 'audit_events', 'login_failures', 'idempotency_keys', 'accounts', 'job_positions'])
    await env.DB.prepare(`DELETE FROM ${table}`).run();
  const columns = 'id, password_hash, role, active, data, created_at, updated_at';
  await fill('accounts', columns, "i, 'p', 'user', 1, '{}', 0, 0", ACCOUNTS);
});

describe('a run', () => {
  it('removes audit events older than 90 days', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(91)}, 'login.succeeded', '{}'`, 3);
    await fill('audit_events', 'at, action, detail', `${ago(89)}, 'login.succeeded', '{}'`, 2);
    await cleaned();
    expect(await count('audit_events')).toBe(2);
  });

  it('removes sessions that were revoked or expired more than a week ago', async () => {
    await session('expired long ago', ago(8), null);
    await session('revoked long ago', ago(-20), ago(8));
    await session('expired lately', ago(6), null);
    await session('revoked lately', ago(-20), ago(6));
    await session('live', ago(-20), null);
    await cleaned();
    const { results } = await env.DB.prepare('SELECT id FROM sessions ORDER BY id').all<{ id: string }>();
    expect(results.map(({ id }) => id)).toEqual(['expired lately1', 'live1', 'revoked lately1']);
  });

  it('reads few of many sessions where few have ended, and the next ones when it runs again', async () => {
    await session('live', ago(-20), null, 25_000);
    await env.DB.prepare("UPDATE sessions SET expires_at = 0 WHERE id IN ('live1', 'live10001', 'live25000')").run();
    for (const _ of [0, 1, 2]) {
      const line = await cleaned();
      expect(line).toMatchObject({ endedSessions: 1, behind: false });
      expect(line.d1_rows_read).toBeLessThan(11_000);
    }
    expect(await count('sessions')).toBe(24_997);
    await env.DB.prepare("UPDATE sessions SET expires_at = 0 WHERE id = 'live2'").run();
    expect(await cleaned()).toMatchObject({ endedSessions: 1 });
  });

  it('goes on over all sessions where many have ended', async () => {
    await session('live', ago(-20), null, 100);
    await session('ended', ago(8), null, 25_000);
    await session('also live', ago(-20), null, 100);
    expect(await cleaned()).toMatchObject({ endedSessions: 25_000, removed: 25_000, behind: false });
    expect(await count('sessions')).toBe(200);
  });

  it('forgets wrong passwords and idempotency keys after a day', async () => {
    await fill('login_failures', 'subject, count, locked_until, last_at', `'old' || i, 1, 0, ${ago(1) - 1}`, 2);
    await fill('login_failures', 'subject, count, locked_until, last_at', `'new' || i, 1, 0, ${ago(0.9)}`, 2);
    await fill(
      'idempotency_keys',
      'account_id, key_hash, request_hash, entity_id, created_at',
      `1, 'old' || i, 'r', 1, ${ago(1) - 1}`,
      2,
    );
    await fill(
      'idempotency_keys',
      'account_id, key_hash, request_hash, entity_id, created_at',
      `1, 'new' || i, 'r', 1, ${ago(0.9)}`,
      3,
    );
    await cleaned();
    expect([await count('login_failures'), await count('idempotency_keys')]).toEqual([2, 3]);
  });

  it('forgets imported refresh tokens once they have expired', async () => {
    await fill(
      'accounts',
      'username, password_hash, role, active, data, created_at, updated_at',
      `'importer' || i, '', 'user', 1, '{}', 1, 1`,
      1,
    );
    const account = `(SELECT id FROM accounts WHERE username LIKE 'importer%')`;
    const columns = 'account_id, token_hash, session_id, expires_at';
    await fill('imported_refresh_tokens', columns, `${account}, 'old' || i, 's', ${ago(0.1)}`, 2);
    await fill('imported_refresh_tokens', columns, `${account}, 'new' || i, 's', ${ago(-0.1)}`, 3);
    await runJobs(env, () => now);
    expect(await count('imported_refresh_tokens')).toBe(3);
  });

  it('goes on while there is more, of each kind in turn, and says how many it removed', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 12_345);
    await fill('login_failures', 'subject, count, locked_until, last_at', `'old' || i, 1, 0, 0`, 1200);
    expect(await cleaned()).toMatchObject({
      event: 'job',
      removed: 13_545,
      behind: false,
      auditEvents: 12_345,
      loginFailures: 1200,
      endedSessions: 0,
    });
    expect(await count('audit_events')).toBe(0);
  });

  it('stops when its time is up, says that it is behind, and the next goes on', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 20_000);
    await fill('login_failures', 'subject, count, locked_until, last_at', `'old' || i, 1, 0, 0`, 5);
    let time = now;
    const line = await cleaned(() => {
      time += 1500;
      return time;
    });
    expect(line).toMatchObject({ behind: true, loginFailures: 5 });
    expect(line.removed).toBeGreaterThan(500);
    expect(line.removed).toBe(20_005 - (await count('audit_events')));
    expect(await cleaned()).toMatchObject({ behind: false, auditEvents: 20_005 - line.removed });
  });

  it('sends no more statements than an invocation may, and says that it is behind', { timeout: 120_000 }, async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 130_000);
    const line = await cleaned();
    expect(line).toMatchObject({ behind: true });
    expect(line.removed).toBeGreaterThan(100_000);
  });

  it('is what the cron trigger starts', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 1);
    await worker.scheduled(createScheduledController(), env);
    expect(await count('audit_events')).toBe(0);
  });
});

it('reads along an index only', async () => {
  const statements: string[] = [];
  const prepare = (sql: string) => {
    statements.push(sql);
    return env.DB.prepare(sql);
  };
  const batch = (prepared: D1PreparedStatement[]) => env.DB.batch(prepared);
  const d1Session = { prepare, batch, getBookmark: () => null };
  const spied = new Proxy(env.DB, {
    get: (db, name) => (name === 'withSession' ? () => d1Session : Reflect.get(db, name)),
  });
  await session('live', ago(-20), null, 3);
  await runJobs({ ...env, DB: spied }, () => now);
  for (const table of ['audit_events', 'sessions', 'session_endings', 'password_guesses', 'idempotency_keys', 'games'])
    expect(statements.join('\n')).toContain(`"${table}"`);
  for (const statement of statements.filter((each) => !/from "session_endings" limit/.test(each))) {
    const parameters = statement.split('?').length - 1;
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
      .bind(...Array(parameters).fill(1))
      .all<{ detail: string }>();
    const scans = results
      .map(({ detail }) => detail)
      .filter(
        (detail) => /^SCAN (?!\(subquery|CONSTANT ROW|opened$|chosen$)/.test(detail) && !detail.includes('USING INDEX'),
      );
    expect(scans, statement).toEqual([]);
  }
});
