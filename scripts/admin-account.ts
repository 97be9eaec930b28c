// Makes an admin from the command line: a new account, or an existing one that the operator named by its id.
import { foldKey } from '../src/domain/accounts/names.ts';
import { newAdminStatements, promotedAt, promotionStatements } from './admin-statements.ts';
import { hash, randomPassword } from './password.ts';
import { quoted } from './sql.ts';
import { type Place, select, write } from './wrangler.ts';

export interface FoundAccount {
  readonly id: number;
  readonly username: string | null;
  readonly email: string;
  readonly role: string;
  readonly active: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The account that has this email. */
export async function findByEmail(place: Place, email: string): Promise<FoundAccount | undefined> {
  const columns = 'id, username, email, role, active, created_at';
  const [row] = await select(place, `SELECT ${columns} FROM accounts WHERE email_key = ${quoted(foldKey(email))}`);
  return (
    row && {
      id: Number(row.id),
      username: row.username === null ? null : String(row.username),
      email: String(row.email),
      role: String(row.role),
      active: row.active === 1,
      createdAt: Number(row.created_at),
    }
  );
}

/** Adds an admin. Resolves to the existing account where the email was taken in the meantime. */
export async function addAdmin(place: Place, email: string, password: string): Promise<'added' | FoundAccount> {
  const statements = newAdminStatements(email, await hash(password), Date.now());
  try {
    await write(place, statements);
    return 'added';
  } catch (error) {
    const existing = await findByEmail(place, email);
    if (!existing) throw error;
    return existing;
  }
}

/** Makes this account an active admin with this password. Throws if the account no longer has the email. */
export async function promote(place: Place, account: FoundAccount, password: string): Promise<void> {
  const now = Date.now();
  await write(place, promotionStatements(account, await hash(password), now));
  const promoted = await select(place, promotedAt(account, now));
  if (promoted.length === 0) throw new Error(`account ${account.id} changed meanwhile; nothing was done to it`);
}

export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
}

/** Adds an admin with a random password; undefined where an active admin exists. Never promotes an existing account. */
export async function makeFirstAdmin(place: Place): Promise<FirstAdmin | undefined> {
  const rows = await select(
    place,
    `SELECT email_key, role = 'admin' AND active AS admin FROM accounts
     WHERE email_key LIKE 'admin%@example.com' OR admin`,
  );
  if (rows.some((row) => row.admin === 1)) return undefined;
  const taken = new Set(rows.map((row) => row.email_key));
  const free = (number: number): string => {
    const email = `admin${number || ''}@example.com`;
    return taken.has(email) ? free(number + 1) : email;
  };
  const admin = { email: free(0), password: randomPassword() };
  if ((await addAdmin(place, admin.email, admin.password)) !== 'added')
    throw new Error(`${admin.email} was just taken`);
  return admin;
}
