// What a request brings along: the ports it may use, when it is, and where it came from.

import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import type { Accounts } from '../domain/accounts/account.ts';
import type { Administration } from '../domain/accounts/administration.ts';
import type { Profiles } from '../domain/accounts/profile.ts';
import type { Registrations } from '../domain/accounts/registration.ts';
import type { Origin } from '../domain/audit/event.ts';
import type { AuditTrail } from '../domain/audit/trail.ts';
import type { Entities } from '../domain/entities/entity.ts';
import type { Games } from '../domain/games/game.ts';
import type { Overview } from '../domain/maintenance/statistics.ts';
import type { Passwords } from '../domain/passwords/change.ts';
import type { Hashing } from '../domain/passwords/hash.ts';
import type { RefreshTokens } from '../domain/sessions/refresh-token.ts';
import type { Sessions } from '../domain/sessions/session.ts';
import type { ChangeableSettings } from '../domain/settings/change.ts';
import type { Logins } from '../domain/sign-in/login.ts';
import type { Issuer } from '../domain/tokens/jwt.ts';
import type { Measures } from './middleware/metrics.ts';

/** Whether the stores answer at all. */
export interface Health {
  d1(): Promise<boolean>;
  kv(): Promise<boolean>;
}

/** What anybody may read, kept for some seconds by the URL that asks for it. A value that is kept may be forgotten at any time. */
export interface PublicReads {
  find(url: string, now: number): Promise<{ readonly value: unknown; readonly ageSeconds: number } | undefined>;
  /** Keeps it after the answer is sent. */
  keep(url: string, value: unknown, now: number): void;
}

/** Everything the domain is given; made anew for each request. */
export interface Ports {
  readonly accounts: Accounts;
  readonly registrations: Registrations;
  readonly logins: Logins;
  readonly passwords: Passwords;
  readonly profiles: Profiles;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly settings: ChangeableSettings;
  readonly administration: Administration;
  readonly auditTrail: AuditTrail;
  readonly overview: Overview;
  readonly entities: Entities;
  readonly games: Games;
  readonly publicReads: PublicReads;
  readonly hashing: Hashing;
  readonly issuer: Issuer;
  readonly health: Health;
}

export interface HttpEnv {
  /** `ANALYTICS` is bound where somebody wants it: see docs/monitoring.md. */
  Bindings: Env & { readonly ANALYTICS?: AnalyticsEngineDataset };
  Variables: {
    requestId: string;
    /** Milliseconds since the epoch, read once a request. */
    now: number;
    ports: Ports;
    measures: Measures;
  };
}

export type Context = HonoContext<HttpEnv>;

/** The app that contracts add their operations to, and what the OpenAPI document will say of each, made when it is asked for. */
export interface Api {
  readonly app: OpenAPIHono<HttpEnv>;
  readonly documented: (() => RouteConfig)[];
}

/** Cloudflare sets the address itself; a client can't. What a client calls itself is cut to a sane length. */
export const originOf = (c: Context): Origin => ({
  ip: c.req.header('CF-Connecting-IP') ?? null,
  userAgent: c.req.header('User-Agent')?.slice(0, 256) ?? null,
});
