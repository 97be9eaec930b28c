// Demo accounts to sign in with. Everybody who reads this file knows their password, so they are made locally only.
import type { AccountData, Identity, Role } from '../../src/domain/accounts/account.ts';
import { foldKey } from '../../src/domain/accounts/names.ts';
import { quoted } from '../sql.ts';

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

/** Inserts one account with its password and event; nothing where an account has one of its names already. */
function addition({ username, email, role, data }: DemoAccount, passwordHash: string, at: number): readonly string[] {
  const added = `username_key IS ${keyOf(username)} AND email_key IS ${keyOf(email)} AND created_at = ${at}`;
  return [
    `INSERT INTO accounts
       (username, username_key, email, email_key, password_hash, role, active, data, created_at, updated_at)
     VALUES (${orNull(username)}, ${keyOf(username)}, ${orNull(email)}, ${keyOf(email)}, '',
       ${quoted(role)}, 1, ${quoted(JSON.stringify(data))}, ${at}, ${at}) ON CONFLICT DO NOTHING`,
    `INSERT INTO password_credentials (account_id, hash)
     SELECT id, ${quoted(passwordHash)} FROM accounts WHERE ${added}`,
    `INSERT INTO audit_events (at, action, account_id, detail)
     SELECT ${at}, 'account.registered', id, ${quoted(JSON.stringify({ role }))} FROM accounts WHERE ${added}`,
  ];
}

/**
 * Inserts the demo accounts that a database lacks, registered at `at` (milliseconds). `at` must differ between runs:
 * the later statements find the accounts of their own run by it.
 */
export const demoStatements = (passwordHash: string, at: number): readonly string[] =>
  DEMO_ACCOUNTS.flatMap((account) => addition(account, passwordHash, at));
