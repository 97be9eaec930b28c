// Firebase Authentication: `firebase auth:export users.json`. The Worker's secret FIREBASE_SCRYPT verifies its hashes.
import { jsonItemsIn } from './read.ts';
import type { Source, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, textOf, timeOf } from './values.ts';

export const firebase: Source = async function* firebase(file, { onRead }) {
  for await (const { list, item } of jsonItemsIn(file, onRead)) if (list === 'users') yield recordOf(item);
};

function recordOf(user: Fields): SourceRecord {
  const [hash, salt] = [textOf(user.passwordHash), textOf(user.salt)];
  const { data, left } = dataOf({ name: user.displayName, image: user.photoUrl, old_id: user.localId });
  const providers = Array.isArray(user.providerUserInfo) ? user.providerUserInfo : [];
  const social = providers
    .map((info) => textOf(info?.providerId))
    .filter((id) => id !== undefined && id !== 'password');
  const notTaken = ['phoneNumber', 'customAttributes', 'mfaInfo'].filter((name) => user[name] !== undefined);
  return {
    line: {
      email: textOf(user.email),
      email_verified: flagOf(user.emailVerified),
      password_hash: hash && salt ? `$firebase-scrypt$${salt}$${hash}` : undefined,
      active: !(flagOf(user.disabled) ?? false),
      created_at: timeOf(user.createdAt),
      data,
    },
    left: [...social.map((id) => `login with ${id}`), ...notTaken, ...left],
  };
}
