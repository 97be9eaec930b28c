// The adapters that a contract test runs on: those in memory, and those in D1 and KV as src/ports.ts makes them.
import { env } from 'cloudflare:workers';
import type { MailKind } from '../../src/domain/mail/mail.ts';
import { importKeys } from '../../src/domain/tokens/keys.ts';
import { newMetrics } from '../../src/http/middleware/metrics.ts';
import { meterOf, newMemory, portsOf } from '../../src/ports.ts';
import { purgingIn } from '../../src/store/accounts/purge.ts';
import { openDatabase } from '../../src/store/d1/database.ts';
import { outboxIn } from '../../src/store/mail/outbox.ts';
import { cleanupIn } from '../../src/store/maintenance/cleanup.ts';
import { sessionLimitsIn } from '../../src/store/sessions/limits.ts';
import { sessionEndingsIn } from '../../src/store/sessions/marking.ts';
import { cheapHashing } from './hashing.ts';
import { type Adapters, inMemory } from './memory/adapters.ts';
import { forgettingAll } from './stored.ts';

async function emptyStores(): Promise<void> {
  await env.DB.batch([...(await forgettingAll())]);
  const { keys } = await env.CONFIG.list();
  for (const { name } of keys) await env.CONFIG.delete(name);
}

/** Adapters over empty stores, which share no cache with others. */
async function inD1(): Promise<Adapters> {
  await emptyStores();
  const deferred: Promise<unknown>[] = [];
  const metrics = newMetrics();
  const database = openDatabase(env.DB, undefined, meterOf(metrics));
  const ports = portsOf({
    env,
    memory: newMemory(),
    keys: await importKeys(env.JWT_KEYS, env.SECRET_KEYS),
    hashing: cheapHashing,
    database,
    metrics,
    defer: (work) => deferred.push(work()),
  });
  const run = async (sql: string, id: number) => {
    await env.DB.prepare(sql).bind(id).run();
  };
  const more: Omit<Adapters, keyof typeof ports> = {
    outbox: outboxIn(database),
    cleanup: cleanupIn(database),
    purging: purgingIn(database),
    sessionEndings: sessionEndingsIn(database),
    sessionLimits: sessionLimitsIn(database),
    makeAdmin: (id) => run("UPDATE accounts SET role = 'admin' WHERE id = ?", id),
    verifyEmail: (id) => run('UPDATE accounts SET verified_email_key = email_key, ever_verified = 1 WHERE id = ?', id),
    queuedMails: async (id) => {
      const mails = env.DB.prepare('SELECT kind, recipient FROM mails WHERE account_id = ? ORDER BY rowid').bind(id);
      const { results } = await mails.all<{ kind: MailKind; recipient: string }>();
      return results.map(({ kind, recipient }) => [kind, recipient]);
    },
    removePassword: (id) => run('DELETE FROM password_credentials WHERE account_id = ?', id),
    addSessions: async (id, count, expiresAt) => {
      const columns = 'id, account_id, kind, created_at, last_used_at, expires_at';
      const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)';
      const rows = `${numbers} SELECT i, ?1, 'session', 0, 0, ?2 FROM n`;
      await env.DB.prepare(`INSERT INTO sessions (${columns}) ${rows}`).bind(id, expiresAt, count).run();
    },
    settled: async () => {
      await Promise.all(deferred);
    },
  };
  return Object.assign(ports, more);
}

/** For `describe.each`: where the adapters store their data, and a function that makes them over empty stores. */
export const ADAPTERS: readonly (readonly [place: string, fresh: () => Promise<Adapters>])[] = [
  ['in memory', async () => inMemory()],
  ['in D1', inD1],
];
