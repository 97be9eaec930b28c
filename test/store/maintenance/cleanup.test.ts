// The scheduled job removes what ended long ago, a bounded number of rows a run, and nothing that lives.
import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CLEANUP_INTERVAL_MS } from '../../../src/domain/maintenance/cleanup.ts';
import worker from '../../../src/index.ts';
import { runJobs } from '../../../src/jobs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const now = Date.now();
const ago = (days: number) => now - days * DAY_MS;

const count = async (table: string): Promise<number> =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;

/** `rows` of a table, from SQL over a series of 1 … rows. */
const fill = (table: string, columns: string, values: string, rows: number) =>
  env.DB.prepare(
    `INSERT INTO ${table} (${columns}) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT ${values} FROM n`,
  ).run();

const account = "1, 'p', 'user', 1, '{}', 0, 0";
const session = (name: string, expiresAt: number, revokedAt: number | null) =>
  fill(
    'sessions',
    'id, account_id, kind, created_at, last_used_at, expires_at, revoked_at',
    `'${name}' || i, 1, 'session', 0, 0, ${expiresAt}, ${revokedAt}`,
    1,
  );

beforeEach(async () => {
  for (const table of ['sessions', 'audit_events', 'login_failures', 'idempotency_keys', 'accounts'])
    await env.DB.prepare(`DELETE FROM ${table}`).run();
  await env.DB.prepare(
    `INSERT INTO accounts (id, password_hash, role, active, data, created_at, updated_at) VALUES (${account})`,
  ).run();
});

describe('a run', () => {
  it('removes audit events older than 90 days', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(91)}, 'login.succeeded', '{}'`, 3);
    await fill('audit_events', 'at, action, detail', `${ago(89)}, 'login.succeeded', '{}'`, 2);
    await runJobs(env, () => now);
    expect(await count('audit_events')).toBe(2);
  });

  it('removes sessions that were revoked or expired more than a week ago', async () => {
    await session('expired long ago', ago(8), null);
    await session('revoked long ago', ago(-20), ago(8));
    await session('expired lately', ago(6), null);
    await session('revoked lately', ago(-20), ago(6));
    await session('live', ago(-20), null);
    await runJobs(env, () => now);
    const { results } = await env.DB.prepare('SELECT id FROM sessions ORDER BY id').all<{ id: string }>();
    expect(results.map(({ id }) => id)).toEqual(['expired lately1', 'live1', 'revoked lately1']);
  });

  it('sees through the sessions window by window, and reads no more than one of them a run', async () => {
    await fill(
      'sessions',
      'id, account_id, kind, created_at, last_used_at, expires_at',
      `'live' || i, 1, 'session', 0, 0, ${ago(-20)}`,
      2500,
    );
    await env.DB.prepare("UPDATE sessions SET expires_at = 0 WHERE id IN ('live1', 'live1001', 'live2500')").run();
    const log = vi.spyOn(console, 'log');
    const removed: number[] = [];
    for (const run of [0, 1, 2]) {
      await runJobs(env, () => now + run * CLEANUP_INTERVAL_MS);
      const line = log.mock.lastCall?.[0];
      removed.push(line.endedSessions.removed);
      expect(line.d1_rows_read).toBeLessThan(1100);
    }
    expect(removed).toEqual([1, 1, 1]);
    expect(await count('sessions')).toBe(2497);
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
    await runJobs(env, () => now);
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

  it('stops at its bound, says so in the log, and the next goes on', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 5200);
    const log = vi.spyOn(console, 'log');
    await runJobs(env, () => now);
    expect(await count('audit_events')).toBe(200);
    expect(log.mock.lastCall?.[0]).toMatchObject({
      event: 'job',
      job: 'cleanup',
      auditEvents: { removed: 5000, unfinished: true },
      endedSessions: { removed: 0, unfinished: false },
    });
    await runJobs(env, () => now);
    expect(await count('audit_events')).toBe(0);
    expect(log.mock.lastCall?.[0]).toMatchObject({ auditEvents: { removed: 200, unfinished: false } });
  });

  it('is what the cron trigger starts', async () => {
    await fill('audit_events', 'at, action, detail', `${ago(100)}, 'login.succeeded', '{}'`, 1);
    await worker.scheduled(createScheduledController(), env);
    expect(await count('audit_events')).toBe(0);
  });
});

it('reads along an index whatever it removes', async () => {
  const statements: string[] = [];
  const prepare = (sql: string) => {
    statements.push(sql);
    return env.DB.prepare(sql);
  };
  const spied = new Proxy(env.DB, {
    get: (db, name) => (name === 'withSession' ? () => ({ prepare, getBookmark: () => null }) : Reflect.get(db, name)),
  });
  await runJobs({ ...env, DB: spied }, () => now);
  expect(statements).toHaveLength(10);
  for (const statement of statements) {
    const parameters = statement.split('?').length - 1;
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${statement}`)
      .bind(...Array(parameters).fill(1))
      .all<{ detail: string }>();
    const scans = results
      .map(({ detail }) => detail)
      .filter((detail) => /^SCAN (?!\(subquery)/.test(detail) && !detail.includes('USING INDEX'));
    expect(scans, statement).toEqual([]);
  }
});
