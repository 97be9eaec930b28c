// The counts of the overview: exact for few rows, and bounded in the rows that they read for many.
import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { MAX_COUNTED, MAX_SESSIONS_SEEN } from '../../../src/domain/maintenance/statistics.ts';
import { openDatabase } from '../../../src/store/d1/database.ts';
import { statisticsIn } from '../../../src/store/maintenance/statistics.ts';
import { fill } from '../../support/series.ts';

let rowsRead = 0;
const statistics = statisticsIn(
  openDatabase(env.DB, undefined, {
    timed: (call) => call,
    count: ({ rows_read }) => {
      rowsRead += rows_read;
    },
  }),
);
const NOW = 1000;

const addSessions = (expiresAt: number, revokedAt: number | null, count: number) =>
  fill(
    'sessions',
    'id, account_id, kind, created_at, last_used_at, expires_at, revoked_at',
    `lower(hex(randomblob(16))), 1, 'session', 0, 0, ${expiresAt}, ${revokedAt}`,
    count,
  );

async function liveSessions() {
  rowsRead = 0;
  const { liveSessions, hasUnseenSessions } = (await statistics.current(NOW)).counts;
  return { liveSessions, hasUnseenSessions };
}

beforeAll(async () => {
  await fill('accounts', 'password_hash, role, active, data, created_at, updated_at', `'', 'user', 1, '{}', 0, 0`, 1);
});

// One database, which grows from test to test.
it('live sessions are counted without those that expired or were revoked', async () => {
  expect(await liveSessions()).toEqual({ liveSessions: 0, hasUnseenSessions: false });
  await addSessions(NOW + 1, null, 3);
  await addSessions(NOW, null, 4);
  await addSessions(NOW + 1, NOW, 5);
  expect(await liveSessions()).toEqual({ liveSessions: 3, hasUnseenSessions: false });
});

it('a bounded number of sessions is read where most have expired, and the count tells that it is partial', async () => {
  await addSessions(NOW, null, MAX_SESSIONS_SEEN + 10_000);
  await addSessions(NOW + 1, null, 2);
  expect(await liveSessions()).toEqual({ liveSessions: 2, hasUnseenSessions: true });
  expect(rowsRead).toBeLessThan(2 * MAX_SESSIONS_SEEN + 100);
});

it('the count stops at its bound, and reads no more sessions than that', async () => {
  await addSessions(NOW + 1, null, MAX_COUNTED + 10);
  expect(await liveSessions()).toEqual({ liveSessions: MAX_COUNTED + 1, hasUnseenSessions: false });
  expect(rowsRead).toBeLessThan(MAX_COUNTED + 100);
});
