// The context of a request: its ports, its clock, its metrics, and the client it came from.
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import type { Accounts } from '../domain/accounts/account.ts';
import type { Administration } from '../domain/accounts/administration.ts';
import type { Profiles } from '../domain/accounts/profile.ts';
import type { Registrations } from '../domain/accounts/registration.ts';
import type { Refusals } from '../domain/audit/refusals.ts';
import type { AuditTrail } from '../domain/audit/trail.ts';
import type { ClientInfo } from '../domain/audit-context.ts';
import type { EmailUndos } from '../domain/email/undo.ts';
import type { EmailVerifications } from '../domain/email/verification.ts';
import type { Entities } from '../domain/entities/entity.ts';
import type { Factors } from '../domain/factors/factor.ts';
import type { CodeGuesses } from '../domain/factors/second-factor.ts';
import type { Games } from '../domain/games/game.ts';
import type { Mailing } from '../domain/mail/mail.ts';
import type { Message } from '../domain/mail/message.ts';
import type { OutboxView } from '../domain/mail/outbox.ts';
import type { Statistics } from '../domain/maintenance/statistics.ts';
import type { Clients } from '../domain/oauth/client.ts';
import type { Codes } from '../domain/oauth/code.ts';
import type { Grants } from '../domain/oauth/grant.ts';
import type { Passkeys } from '../domain/passkeys/passkey.ts';
import type { RelyingParty } from '../domain/passkeys/relying-party.ts';
import type { PasswordCredentials } from '../domain/passwords/change.ts';
import type { Hashing } from '../domain/passwords/hash.ts';
import type { PasswordGuesses } from '../domain/passwords/lockout.ts';
import type { BreachedPasswords } from '../domain/passwords/policy.ts';
import type { PasswordRecovery } from '../domain/passwords/recovery.ts';
import type { MassEndings } from '../domain/sessions/everybody.ts';
import type { RefreshTokens } from '../domain/sessions/refresh-token.ts';
import type { Sessions } from '../domain/sessions/session.ts';
import type { ChangeableSettings, SettingEvents } from '../domain/settings/change.ts';
import type { SignIns } from '../domain/sign-in/sign-in.ts';
import type { Issuer } from '../domain/tokens/jwt.ts';
import type { AccountExports, OwnData } from '../domain/transfer/export.ts';
import type { Imports } from '../domain/transfer/import.ts';
import type { RequestMetrics } from './middleware/metrics.ts';
import type { OverLimits } from './operation/over-limits.ts';

/** Whether each store answers, as a check of the last seconds found. */
export interface Health {
  current(now: number): Promise<{ readonly d1: boolean; readonly kv: boolean }>;
}

/** Public reads, cached for some seconds by their URL. A cached value may be forgotten at any time. */
export interface PublicReads {
  find(url: string, now: number): Promise<{ readonly value: unknown; readonly ageSeconds: number } | undefined>;
  /** Stores the value after the response is sent. */
  store(url: string, value: unknown, now: number): void;
}

/** The adapters behind the domain's ports, made for each request. */
export interface Ports {
  readonly accounts: Accounts;
  readonly registrations: Registrations;
  readonly guesses: PasswordGuesses;
  readonly credentials: PasswordCredentials;
  readonly recovery: PasswordRecovery;
  readonly breachedPasswords: BreachedPasswords;
  readonly factors: Factors;
  readonly codeGuesses: CodeGuesses;
  readonly passkeys: Passkeys;
  readonly relyingParty: RelyingParty;
  readonly profiles: Profiles;
  readonly verifications: EmailVerifications;
  readonly emailUndos: EmailUndos;
  readonly outboxView: OutboxView;
  readonly mailing: Mailing;
  /** Every mail with sample data; undefined but in development. */
  readonly sampleMails:
    | ((service: string, now: number) => readonly (Message & { readonly name: string })[])
    | undefined;
  readonly signIns: SignIns;
  readonly massEndings: MassEndings;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly settings: ChangeableSettings;
  readonly settingEvents: SettingEvents;
  readonly administration: Administration;
  readonly imports: Imports;
  readonly accountExports: AccountExports;
  readonly ownData: OwnData;
  readonly auditTrail: AuditTrail;
  readonly refusals: Refusals;
  readonly statistics: Statistics;
  readonly entities: Entities;
  readonly games: Games;
  readonly clients: Clients;
  readonly codes: Codes;
  readonly grants: Grants;
  readonly publicReads: PublicReads;
  readonly hashing: Hashing;
  readonly issuer: Issuer;
  readonly health: Health;
}

export interface HttpEnv {
  Bindings: Env & {
    /** Optional: see docs/monitoring.md. */
    readonly ANALYTICS?: AnalyticsEngineDataset;
    /** Optional, a secret: the password hash parameters of a Firebase project, see docs/moving.md. */
    readonly FIREBASE_SCRYPT?: string;
  };
  Variables: {
    requestId: string;
    /** Returns milliseconds since the epoch. */
    clock: () => number;
    /** The time of the request, in milliseconds since the epoch: when its body had arrived. */
    now: number;
    ports: Ports;
    metrics: RequestMetrics;
    overLimits: OverLimits;
    /** Adds work to start after the answer is sent. */
    defer: (work: () => unknown) => void;
  };
}

export type Context = HonoContext<HttpEnv>;

/** The app that contracts add their operations to, and a function for each that makes its OpenAPI description. */
export interface Api {
  readonly app: OpenAPIHono<HttpEnv>;
  readonly documented: (() => RouteConfig)[];
}

const MAX_USER_AGENT_LENGTH = 256;

/** Cloudflare sets the address; a client cannot. */
export const clientInfoOf = (c: Context): ClientInfo => ({
  ip: c.req.header('CF-Connecting-IP') ?? null,
  userAgent: c.req.header('User-Agent')?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
});
