// A Django project: `manage.py dumpdata auth.user`, a custom user model, and simplejwt's outstanding refresh tokens.
import { joined } from './joined.ts';
import { jsonItemsIn } from './read.ts';
import type { ImportLine, Source, SourceOptions, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, namesOf, textOf, timeOf } from './values.ts';

const TOKENS = 'token_blacklist.outstandingtoken';
const BLACKLISTED = 'token_blacklist.blacklistedtoken';

type Token = NonNullable<ImportLine['refresh_tokens']>[number];

/** A record of dumpdata. */
interface Dumped {
  readonly model: string;
  readonly pk: string;
  readonly fields: Fields;
}

async function* dumpedIn(file: string, onRead: (share: number) => void): AsyncGenerator<Dumped> {
  for await (const { list, item } of jsonItemsIn(file, onRead)) {
    if (list !== undefined || typeof item.fields !== 'object' || item.fields === null) continue;
    yield { model: String(item.model).toLowerCase(), pk: String(item.pk), fields: item.fields as Fields };
  }
}

export const django: Source = async function* django(file, options) {
  const tokens = joined<Token>();
  try {
    // Tokens are read in passes of their own, because they come after their users.
    const blacklisted = joined<true>();
    for await (const { model, fields } of dumpedIn(file, () => {}))
      if (model === BLACKLISTED) blacklisted.add(String(fields.token), true);
    for await (const { model, pk, fields } of dumpedIn(file, () => {}))
      if (model === TOKENS && blacklisted.of(pk).length === 0)
        tokens.add(String(fields.user), { token: String(fields.token), expires_at: timeOf(fields.expires_at) ?? '' });
    blacklisted.close();
    for await (const { model, pk, fields } of dumpedIn(file, options.onRead))
      if (isUser(model, fields, options)) yield recordOf(pk, fields, tokens.of(pk), options);
  } finally {
    tokens.close();
  }
};

/** The model of `--table`, or any model with a password. */
const isUser = (model: string, fields: Fields, { table }: SourceOptions): boolean =>
  table === undefined ? typeof fields.password === 'string' : model === table.toLowerCase();

function recordOf(pk: string, fields: Fields, tokens: readonly Token[], { allowAdmins }: SourceOptions): SourceRecord {
  const { password, username, email, is_active, is_superuser, date_joined, ...rest } = fields;
  const { groups, user_permissions, last_login, is_staff, ...others } = rest;
  const { left: leftNames, ...names } = namesOf(textOf(username), textOf(email));
  const scalars = Object.fromEntries(Object.entries(others).filter(([, value]) => typeof value !== 'object'));
  const { data, left: leftData } = dataOf({ ...scalars, old_id: /^\d+$/.test(pk) ? Number(pk) : pk });
  const isAdmin = flagOf(is_superuser) ?? false;
  const line: ImportLine = {
    ...names,
    password_hash: hashOf(textOf(password)),
    active: flagOf(is_active),
    ...(isAdmin && allowAdmins ? { role: 'admin' } : {}),
    created_at: timeOf(date_joined),
    data,
    refresh_tokens: tokens,
  };
  const left = { groups, user_permissions, last_login, is_staff: is_staff || undefined };
  const given = Object.entries(left).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value));
  const lists = Object.keys(others).filter((key) => !(key in scalars) && others[key] !== null);
  const names_ = [...given.map(([name]) => name), ...lists, ...leftNames, ...leftData];
  return { line, left: isAdmin && !allowAdmins ? [...names_, 'is_superuser'] : names_ };
}

/** A password that Django marks as unusable counts as none. */
const hashOf = (password: string | undefined): string | undefined =>
  password === undefined || password.startsWith('!') ? undefined : password;
