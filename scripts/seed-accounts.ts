// A few people to try things with. Their passwords are known to everyone who reads this, so they are made locally only.
import type { AccountData, Identity, Role } from '../src/domain/accounts/account.ts';
import { foldKey } from '../src/domain/accounts/names.ts';
import { hash } from './password.ts';
import { quoted } from './sql.ts';
import { write } from './wrangler.ts';

interface DemoAccount extends Identity {
  readonly role: Role;
  readonly data: AccountData;
}

export const DEMO_PASSWORD = 'password';

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { username: 'demo admin', email: 'demo-admin@example.com', role: 'admin', data: {} },
  { username: 'ben', email: 'ben@example.com', role: 'user', data: { nickname: 'Benny', languages: ['en', 'fr'] } },
  { username: 'Zoë Núñez', email: 'zoe@example.com', role: 'user', data: { city: 'Málaga', newsletter: true } },
  { username: null, email: 'only-email@example.com', role: 'user', data: {} },
  { username: 'only-username', email: null, role: 'user', data: { theme: { dark: true } } },
];

const orNull = (text: string | null): string => (text === null ? 'NULL' : quoted(text));
const keyOf = (name: string | null): string => orNull(name === null ? null : foldKey(name));

/** An account that has one of these names already stays as it is, password and all; then there is no event either. */
async function addition({ username, email, role, data }: DemoAccount, now: number): Promise<readonly string[]> {
  const made = `username_key IS ${keyOf(username)} AND email_key IS ${keyOf(email)} AND created_at = ${now}`;
  return [
    `INSERT INTO accounts (username, username_key, email, email_key, password_hash, role, active, data, created_at, updated_at)
     VALUES (${orNull(username)}, ${keyOf(username)}, ${orNull(email)}, ${keyOf(email)}, ${quoted(await hash(DEMO_PASSWORD))},
       ${quoted(role)}, 1, ${quoted(JSON.stringify(data))}, ${now}, ${now}) ON CONFLICT DO NOTHING`,
    `INSERT INTO audit_events (at, action, account_id, detail)
     SELECT ${now}, 'account.registered', id, ${quoted(JSON.stringify({ role }))} FROM accounts WHERE ${made}`,
  ];
}

/** What makes those demo accounts that a database lacks. `now` is in milliseconds. */
export async function demoStatements(now: number): Promise<readonly string[]> {
  return (await Promise.all(DEMO_ACCOUNTS.map((account) => addition(account, now)))).flat();
}

/** Makes them in the local database, which has its migrations. */
export const seedAccounts = async (): Promise<void> => write('--local', await demoStatements(Date.now()));
