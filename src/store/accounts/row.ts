// What a row of accounts is in the domain; columns are named here once, so that no query loads a hash by accident.
import type { InferSelectModel } from 'drizzle-orm';
import type { Account, AccountData } from '../../domain/accounts/account.ts';
import { accounts } from '../d1/schema.ts';

/** Every column but the password hash and the keys. */
export const ACCOUNT = {
  id: accounts.id,
  username: accounts.username,
  email: accounts.email,
  role: accounts.role,
  active: accounts.active,
  data: accounts.data,
  createdAt: accounts.createdAt,
  updatedAt: accounts.updatedAt,
};

type AccountRow = Pick<InferSelectModel<typeof accounts>, keyof typeof ACCOUNT>;

export const accountFrom = ({ data, ...row }: AccountRow): Account => ({
  ...row,
  data: JSON.parse(data) as AccountData,
}); // we alone write it
