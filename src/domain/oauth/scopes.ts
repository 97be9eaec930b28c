// Scopes limit a client's token. A token of the four APIs' own logins has none, and may do whatever its account may.

/** The words of each scope on the consent page. */
export const SCOPES = {
  openid: 'Know that you signed in here',
  profile: 'See your username',
  email: 'See your email address',
  offline_access: 'Stay signed in while you are away',
  'entities:read': 'See your private entities and games',
  'entities:write': 'Create, change and delete your entities and games',
  account: 'Manage your account as you can yourself',
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as readonly Scope[]; // the literal above has no other keys

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text);

/** The words of a `scope` parameter (RFC 6749 §3.3), each once. */
export const wordsOf = (scope: string): readonly string[] => [...new Set(scope.split(' ').filter(Boolean))];

/** The scopes among the words; unknown ones are dropped. */
export const scopesIn = (scope: string): readonly Scope[] => wordsOf(scope).filter(isScope);

export const formatScopes = (scopes: readonly Scope[]): string => scopes.join(' ');

/** Whether scopes include the needed one: `account` stands for everything that a user may do. */
export const grants = (scopes: readonly Scope[], needed: Scope): boolean =>
  scopes.includes(needed) || scopes.includes('account');

export const includesAll = (scopes: readonly Scope[], some: readonly Scope[]): boolean =>
  some.every((scope) => scopes.includes(scope));
