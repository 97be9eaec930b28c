// Imports in memory: a line makes an account if its names and tokens are free, or replaces one that nobody has used.
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
    for (const [line, id] of targetsOf(state, lines, replace, audit.now))
      made.set(line.number, write(state, id, line, audit));
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

/** The lines that make an account, each with its id, 0 for a new one. Of two lines for one account the first counts. */
function targetsOf(state: State, lines: readonly NumberedLine[], replace: boolean, now: number) {
  const replaced = new Set<number>();
  return lines.flatMap((line): readonly (readonly [NumberedLine, number])[] => {
    const account = accountOf(state, line);
    if (line.isRepeated || isReserved(state, line.email, account?.id, now) || !ownsTokens(state, line, account?.id))
      return [];
    if (!account) return [[line, 0]];
    if (!replace || !fitsOne(state, line) || replaced.has(account.id) || !isUnused(state, account.id)) return [];
    replaced.add(account.id);
    return [[line, account.id]];
  });
}

/** Whether a line's names are not those of two accounts. */
const fitsOne = (state: State, line: NumberedLine): boolean => {
  const account = accountOf(state, line);
  return [withEmail(state, line), withUsername(state, line)].every((named) => (named ?? account) === account);
};

/** No refresh token of the line is that of another account. */
const ownsTokens = (state: State, { refreshTokens }: NumberedLine, ownId: number | undefined): boolean =>
  refreshTokens.every(({ hash }) => {
    const current = [...state.sessions.values()].find(({ tokenHash }) => tokenHash === hash);
    const imported = state.importedTokens.get(hash);
    return [current, imported].every((owner) => owner === undefined || owner.accountId === ownId);
  });

/** The state that shows whether an account was used: its row, its password and its sessions. */
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
    // Its credentials were never proven here.
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
  const fitting = lines.filter((line) => accountOf(state, line) !== undefined && fitsOne(state, line)).length;
  record(state, 'accounts.imported', null, audit, {
    import_id: crypto.randomUUID(),
    imported: made.size,
    existing: fitting - made.size,
    refused: lines.length - fitting + refused,
  });
}
