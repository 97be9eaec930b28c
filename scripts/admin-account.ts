// An admin is made from the command line: a new account, or one that exists and becomes an active admin.
import { foldKey, parseEmail } from '../src/domain/accounts/names.ts';
import { hash, randomPassword } from './password.ts';
import { quoted } from './sql.ts';
import { type Place, select, write } from './wrangler.ts';

export interface Admin {
  readonly email: string;
  /** Only where we made it up: the one time that it can be shown. */
  readonly newPassword?: string;
}

/** An audit event for each row of `source` that `FROM` finds: the command line acts, so it has no actor. */
const event = (action: string, detail: string, account: string, source: string): string =>
  `INSERT INTO audit_events (at, action, actor_id, account_id, detail) SELECT ${Date.now()}, ${quoted(action)}, NULL, ${account}, ${detail} FROM ${source}`;

const detailOf = (facts: Readonly<Record<string, string>>): string => quoted(JSON.stringify(facts));

async function add(place: Place, email: string, password: string): Promise<void> {
  const key = quoted(foldKey(email));
  const now = Date.now();
  await write(place, [
    `INSERT INTO accounts (email, email_key, password_hash, role, active, data, created_at, updated_at)
     VALUES (${quoted(email)}, ${key}, ${quoted(await hash(password))}, 'admin', 1, '{}', ${now}, ${now})`,
    event('account.registered', detailOf({ role: 'admin' }), 'id', `accounts WHERE email_key = ${key}`),
  ]);
}

/** Events come before the changes they tell of, since they look at what is still there. */
function promotion(key: string): readonly string[] {
  return [
    event(
      'account.role_changed',
      detailOf({ role: 'admin' }),
      'id',
      `accounts WHERE email_key = ${key} AND role <> 'admin'`,
    ),
    event('account.activated', detailOf({}), 'id', `accounts WHERE email_key = ${key} AND active = 0`),
    `UPDATE accounts SET role = 'admin', active = 1, updated_at = ${Date.now()} WHERE email_key = ${key}`,
  ];
}

/** A new password ends every session and lifts a lock. */
async function passwordChange(key: string, password: string): Promise<readonly string[]> {
  const account = `(SELECT id FROM accounts WHERE email_key = ${key})`;
  const live = `account_id = ${account} AND revoked_at IS NULL AND expires_at > ${Date.now()}`;
  const reason = `json_object('session_id', id, 'reason', 'password_changed')`;
  return [
    `UPDATE accounts SET password_hash = ${quoted(await hash(password))} WHERE email_key = ${key}`,
    event('password.changed', detailOf({}), 'id', `accounts WHERE email_key = ${key}`),
    event('session.revoked', reason, 'account_id', `sessions WHERE ${live}`),
    `UPDATE sessions SET revoked_at = ${Date.now()} WHERE ${live}`,
    `DELETE FROM login_failures WHERE subject = 'account:' || ${account}`,
  ];
}

/** Creates the admin, or makes the account with this email an active one. Throws for an email or a password that would not do. */
export async function makeAdmin(place: Place, emailGiven: string, password?: string): Promise<Admin> {
  const email = parseEmail(emailGiven);
  if (!email) throw new Error('that is not an email address');
  const key = quoted(foldKey(email));
  const [existing] = await select(place, `SELECT id FROM accounts WHERE email_key = ${key}`);
  if (existing) {
    await write(place, [...(password === undefined ? [] : await passwordChange(key, password)), ...promotion(key)]);
    return { email };
  }
  const chosen = password ?? randomPassword();
  await add(place, email, chosen);
  return password === undefined ? { email, newPassword: chosen } : { email };
}

/** Makes an admin with a random password where no active one is; undefined where there is. Never promotes an account that signed up. */
export async function makeFirstAdmin(place: Place): Promise<Admin | undefined> {
  const rows = await select(
    place,
    `SELECT email_key, role = 'admin' AND active AS admin FROM accounts WHERE email_key LIKE 'admin%@example.com' OR admin`,
  );
  if (rows.some((row) => row.admin === 1)) return undefined;
  const taken = new Set(rows.map((row) => row.email_key));
  const free = (number: number): string => {
    const email = `admin${number || ''}@example.com`;
    return taken.has(email) ? free(number + 1) : email;
  };
  return makeAdmin(place, free(0));
}
