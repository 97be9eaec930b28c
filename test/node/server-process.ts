// The process behind test/node/local-server.ts: reports its origin and the errors in its stores, and runs until it is
// killed.
import { migrate, serve } from '../../bench/server.ts';

const [bundled = '', state = ''] = process.argv.slice(2);
const server = await serve(bundled, state, {
  RATE_LIMITS: 'off',
  ...JSON.parse(process.env.LOCAL_SECRETS ?? '{}'),
});
const db = await server.miniflare.getD1Database('DB');
const { results: tables } = await db.prepare("SELECT name FROM sqlite_master WHERE name = 'accounts'").all();
if (tables.length === 0) await migrate(server);

if (process.env.LOCAL_JOBS === 'with jobs') {
  // Jobs that are waiting are due now.
  await db.prepare('UPDATE mails SET due_at = 0').run();
  const worker = await server.miniflare.getWorker();
  setInterval(() => worker.scheduled({ cron: '* * * * *' }), 500);
}

/** Queries that find half-written or duplicate rows. */
const CHECKS = [
  'SELECT username_key AS doubled FROM accounts WHERE username_key IS NOT NULL GROUP BY username_key HAVING ' +
    'count(*) > 1',
  'SELECT email_key AS doubled FROM accounts WHERE email_key IS NOT NULL GROUP BY email_key HAVING count(*) > 1',
  'SELECT token_hash AS doubled FROM sessions WHERE token_hash IS NOT NULL GROUP BY token_hash HAVING count(*) > 1',
  'SELECT code AS doubled FROM entities GROUP BY code HAVING count(*) > 1',
  'SELECT id AS orphaned FROM sessions WHERE account_id NOT IN (SELECT id FROM accounts)',
  'SELECT id AS orphaned FROM entities WHERE owner_id NOT IN (SELECT id FROM accounts)',
  `SELECT id AS unrecorded FROM accounts
    WHERE id NOT IN (SELECT account_id FROM audit_events WHERE action = 'account.registered')`,
  'PRAGMA foreign_key_check',
];
const broken: string[] = [];
for (const check of CHECKS) {
  for (const row of (await db.prepare(check).all()).results) broken.push(`${check}: ${JSON.stringify(row)}`);
}
console.log(JSON.stringify({ origin: server.origin, broken }));
