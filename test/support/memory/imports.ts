// Imports in memory: a line makes an account whose names and tokens are nobody's, or replaces one that nobody has used.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import type { Imports, LineMatch, NumberedLine, WrittenLines } from '../../../src/domain/transfer/import.ts';
import { findNamed } from './account-changes.ts';
import { record } from './audit-trail.ts';
import { refuseEnded } from './conditions.ts';
import { isReserved } from './one-time-tokens.ts';
import { insertSession } from './sessions.ts';
import type { State } from './state.ts';

export const importsIn = (state: State): Imports => ({
  async write(lines, refused, { replace }, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const matches = new Map(lines.map((line) => [line.number, matchOf(state, line, audit.now)]));
    const made = new Map<number, number>();
    for (const line of lines) {
      const id = line.isRepeated ? undefined : targetOf(state, line, replace, [...made.values()], audit.now);
      if (id !== undefined) made.set(line.number, write(state, id, line, audit));
    }
    for (const id of made.values()) state.imports.set(id, factsOf(state, id));
    recordImport(state, lines, made, refused, audit);
    return { matches, made };
  },
});

const withEmail = (state: State, { email }: NumberedLine) => (email === null ? undefined : findNamed(state, { email }));
const withUsername = (state: State, { username }: NumberedLine) =>
  username === null ? undefined : findNamed(state, { username });
/** The account of a line: the one with its email, or else the one with its username. */
const accountOf = (state: State, line: NumberedLine) => withEmail(state, line) ?? withUsername(state, line);

function matchOf(state: State, line: NumberedLine, now: number): LineMatch {
  const matched = (account: Account | undefined) =>
    account && { id: account.id, isImported: state.imports.has(account.id) };
  return {
    byEmail: matched(withEmail(state, line)),
    byUsername: matched(withUsername(state, line)),
    isReserved: isReserved(state, line.email, accountOf(state, line)?.id, now),
  };
}

/** The id of the account that a line makes, 0 for a new one; undefined where it makes none. */
function targetOf(
  state: State,
  line: NumberedLine,
  replace: boolean,
  made: readonly number[],
  now: number,
): number | undefined {
  const account = accountOf(state, line);
  if (isReserved(state, line.email, account?.id, now) || !ownsTokens(state, line, account?.id)) return undefined;
  if (!account) return 0;
  const isOne = (withEmail(state, line) ?? account) === (withUsername(state, line) ?? account);
  return replace && isOne && !made.includes(account.id) && isUnused(state, account.id) ? account.id : undefined;
}

/** No refresh token of the line is that of another account. */
const ownsTokens = (state: State, { refreshTokens }: NumberedLine, ownId: number | undefined): boolean =>
  refreshTokens.every(({ hash }) => {
    const current = [...state.sessions.values()].find(({ tokenHash }) => tokenHash === hash);
    const imported = state.importedTokens.get(hash);
    return [current, imported].every((owner) => owner === undefined || owner.accountId === ownId);
  });

/** What shows whether an account was used: itself, its password and its sessions. */
const factsOf = (state: State, id: number): ReadonlySet<string> =>
  new Set(
    [
      state.accounts.get(id),
      state.passwords.get(id),
      ...[...state.sessions.values()]
        .filter(({ accountId }) => accountId === id)
        .map((session) => [session.id, session.tokenHash, session.revokedAt]),
    ].map((fact) => JSON.stringify(fact) ?? ''),
  );

function isUnused(state: State, id: number): boolean {
  const facts = state.imports.get(id);
  return facts !== undefined && [...factsOf(state, id)].every((fact) => facts.has(fact));
}

function write(state: State, target: number, line: NumberedLine, audit: AuditContext): number {
  const { username, email, emailVerified, role, active, data, createdAt, passwordHash, refreshTokens } = line;
  const id = target || state.nextId();
  const fields = { username, email, emailVerified, role, active, data, createdAt };
  state.accounts.set(id, { ...fields, id, updatedAt: audit.now });
  if (emailVerified) state.everVerified.add(id);
  state.passwords.delete(id);
  if (passwordHash !== null) state.passwords.set(id, passwordHash);
  for (const session of state.sessions.values()) if (session.accountId === id) state.sessions.delete(session.id);
  for (const [hash, { accountId }] of state.importedTokens) if (accountId === id) state.importedTokens.delete(hash);
  const nobody = { ...audit, ip: null, userAgent: null };
  for (const { hash, expiresAt } of refreshTokens) {
    const session = { id: crypto.randomUUID(), kind: 'refresh', tokenHash: hash, expiresAt } as const;
    // No client has been seen to use it: its credentials were proven never.
    insertSession(state, session, id, byPassword(0), nobody);
    state.importedTokens.set(hash, { accountId: id, sessionId: session.id, expiresAt });
  }
  return id;
}

function recordImport(
  state: State,
  lines: readonly NumberedLine[],
  made: WrittenLines['made'],
  refused: number,
  audit: AuditContext,
): void {
  const fits = (line: NumberedLine) =>
    accountOf(state, line) !== undefined &&
    (withEmail(state, line) ?? accountOf(state, line)) === (withUsername(state, line) ?? accountOf(state, line));
  const fitting = lines.filter(fits).length;
  record(state, 'accounts.imported', null, audit, {
    import_id: crypto.randomUUID(),
    imported: made.size,
    existing: fitting - made.size,
    refused: lines.length - fitting + refused,
  });
}
