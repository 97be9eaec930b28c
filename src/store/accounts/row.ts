// An account's row as the domain sees it. Columns are listed once, so that no query loads a hash by accident.
import type { InferSelectModel } from 'drizzle-orm';
import type { Account, AccountData } from '../../domain/accounts/account.ts';
import { accounts } from '../d1/schema/accounts.ts';

/** Every column but the old password hash and those that only conditions read. */
export const ACCOUNT = {
  id: accounts.id,
  username: accounts.username,
  email: accounts.email,
  emailKey: accounts.emailKey,
  verifiedEmailKey: accounts.verifiedEmailKey,
  role: accounts.role,
  active: accounts.active,
  data: accounts.data,
  createdAt: accounts.createdAt,
  updatedAt: accounts.updatedAt,
};

export type AccountRow = Pick<InferSelectModel<typeof accounts>, keyof typeof ACCOUNT>;

export const accountFrom = ({ data, emailKey, verifiedEmailKey, ...row }: AccountRow): Account => ({
  ...row,
  emailVerified: emailKey !== null && emailKey === verifiedEmailKey,
  data: JSON.parse(data) as AccountData, // only we write it
});
