// better-auth: one JSON document with the tables `user` and `account`.
import { joined } from './joined.ts';
import { jsonItemsIn } from './read.ts';
import type { Source, SourceOptions, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, namesOf, textOf, timeOf } from './values.ts';

const USERS = ['user', 'users'];
const ACCOUNTS = ['account', 'accounts'];

interface Login {
  readonly provider: string;
  readonly password: string | undefined;
}

export const betterAuth: Source = async function* betterAuth(file, options) {
  const logins = joined<Login>();
  try {
    for await (const { list, item } of jsonItemsIn(file, () => {})) {
      if (!ACCOUNTS.includes(list ?? '')) continue;
      const provider = textOf(item.providerId ?? item.provider_id) ?? '';
      logins.add(String(item.userId ?? item.user_id), { provider, password: textOf(item.password) });
    }
    for await (const { list, item } of jsonItemsIn(file, options.onRead))
      if (USERS.includes(list ?? '')) yield recordOf(item, logins.of(String(item.id)), options);
  } finally {
    logins.close();
  }
};

function recordOf(user: Fields, logins: readonly Login[], { allowAdmins }: SourceOptions): SourceRecord {
  const { left: leftNames, ...names } = namesOf(textOf(user.username), textOf(user.email));
  const { data, left } = dataOf({ name: user.name, image: user.image, old_id: user.id });
  const isAdmin = textOf(user.role)?.split(',').includes('admin') ?? false;
  const social = logins
    .filter(({ provider }) => provider !== 'credential')
    .map(({ provider }) => `login with ${provider}`);
  const factor = flagOf(user.twoFactorEnabled) ? ['two factors'] : [];
  return {
    line: {
      ...names,
      email_verified: flagOf(user.emailVerified ?? user.email_verified),
      password_hash: logins.find(({ provider }) => provider === 'credential')?.password,
      active: !(flagOf(user.banned) ?? false),
      ...(isAdmin && allowAdmins ? { role: 'admin' } : {}),
      created_at: timeOf(user.createdAt ?? user.created_at),
      data,
    },
    left: [...social, ...factor, ...leftNames, ...left, ...(isAdmin && !allowAdmins ? ['role'] : [])],
  };
}
