// An account's row as the domain sees it. Columns are listed once, so that no query loads a hash by accident.
import type { InferSelectModel } from 'drizzle-orm';
import type { Account, AccountData } from '../../domain/accounts/account.ts';
import { accounts } from '../d1/schema/accounts.ts';

/** Every column but the keys and the old password hash. */
export const ACCOUNT = {
  id: accounts.id,
  username: accounts.username,
  email: accounts.email,
  role: accounts.role,
  active: accounts.active,
  data: accounts.data,
  emailVerified: accounts.emailVerified,
  createdAt: accounts.createdAt,
  updatedAt: accounts.updatedAt,
};

export type AccountRow = Pick<InferSelectModel<typeof accounts>, keyof typeof ACCOUNT>;

export const accountFrom = ({ data, ...row }: AccountRow): Account => ({
  ...row,
  data: JSON.parse(data) as AccountData, // only we write it
});
