// How and when the credentials of a session's row were proven.
import { sql } from 'drizzle-orm';
import { scopesIn } from '../../domain/oauth/scopes.ts';
import type { Authentication, Method } from '../../domain/sessions/authentication.ts';
import type { AuthenticatedSession } from '../../domain/sessions/session.ts';
import type { TokenClient } from '../../domain/tokens/claims.ts';
import { sessions } from '../d1/schema/sessions.ts';

export const AUTHENTICATION = {
  // An account has a `created_at` of its own.
  openedAt: sql<number>`${sessions.createdAt}`.as('opened_at'),
  authenticatedAt: sessions.authenticatedAt,
  amr: sessions.amr,
};

interface AuthenticationRow {
  readonly openedAt: number;
  readonly authenticatedAt: number | null;
  readonly amr: string | null;
}

/** Version 1 wrote neither: it opened every session by a password. */
export const authenticationFrom = ({ openedAt, authenticatedAt, amr }: AuthenticationRow): Authentication => ({
  methods: (amr ?? ONE_FACTOR).split(' ') as Method[], // only we write them
  at: authenticatedAt ?? openedAt,
});

/** The methods of a session as a JSON array, for the detail of an event. */
export const AMR_JSON = sql`json('["' || replace(${sessions.amr}, ' ', '","') || '"]')`;

/** The methods of a session, as its row has them. */
export const amrOf = (methods: readonly Method[]): string => methods.join(' ');

/** The methods of a session that proved a second factor which its account no longer has. */
export const ONE_FACTOR = amrOf(['pwd']);
export const TWO_FACTORS = amrOf(['pwd', 'otp', 'mfa']);

/** The client of a session, and its granted scopes. */
export const CLIENT = { clientId: sessions.clientId, scope: sessions.scope };

export const HOLDER = { sessionId: sessions.id, accountId: sessions.accountId, ...CLIENT, ...AUTHENTICATION };

interface ClientRow {
  readonly clientId: string | null;
  readonly scope: string | null;
}

/** The client that a session was opened for; absent for our own logins. */
export const clientFrom = ({ clientId, scope }: ClientRow): { readonly client?: TokenClient } =>
  clientId === null ? {} : { client: { id: clientId, scopes: scopesIn(scope ?? '') } };

type HolderRow = AuthenticationRow & ClientRow & { readonly sessionId: string; readonly accountId: number };

export const authenticatedFrom = ({ sessionId, accountId, ...row }: HolderRow): AuthenticatedSession => ({
  sessionId,
  accountId,
  authentication: authenticationFrom(row),
  ...clientFrom(row),
});
