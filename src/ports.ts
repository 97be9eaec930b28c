// The adapter behind each port of the domain.
import { relyingPartyOf } from './domain/passkeys/relying-party.ts';
import type { Hashing } from './domain/passwords/hash.ts';
import type { ChangeableSettings } from './domain/settings/change.ts';
import type { Keys } from './domain/tokens/keys.ts';
import type { Ports } from './http/context.ts';
import { type RequestMetrics, timed, timedHashing } from './http/middleware/metrics.ts';
import { PUBLIC_SECONDS } from './http/shapes/cached-read.ts';
import { deliveryOf, mailingOf, sampleMailsOf } from './mailing.ts';
import { accountsIn } from './store/accounts/accounts.ts';
import { administrationIn } from './store/accounts/administration.ts';
import { profilesIn } from './store/accounts/profiles.ts';
import { registrationsIn } from './store/accounts/registrations.ts';
import { refusalsIn } from './store/audit/refusals.ts';
import { auditTrailIn } from './store/audit/trail.ts';
import { type Cached, publicReadsIn } from './store/cache/public-reads.ts';
import type { Database, Defer } from './store/d1/database.ts';
import type { Meter } from './store/d1/metering.ts';
import { emailUndosIn } from './store/email/undos.ts';
import { emailVerificationsIn } from './store/email/verifications.ts';
import { entitiesIn } from './store/entities/entities.ts';
import { codeGuessesIn } from './store/factors/code-guesses.ts';
import { factorsIn } from './store/factors/factors.ts';
import { gamesIn } from './store/games/games.ts';
import { outboxViewIn } from './store/mail/outbox-view.ts';
import { type HealthMemory, healthOf } from './store/maintenance/health.ts';
import { statisticsIn } from './store/maintenance/statistics.ts';
import { clientsIn } from './store/oauth/clients.ts';
import { codesIn } from './store/oauth/codes.ts';
import { grantsIn } from './store/oauth/grants.ts';
import { passkeysIn } from './store/passkeys/passkeys.ts';
import { breachedPasswordsBy } from './store/passwords/breached.ts';
import { credentialsIn } from './store/passwords/credentials.ts';
import { guessesIn } from './store/passwords/guesses.ts';
import { recoveryIn } from './store/passwords/recovery.ts';
import { massEndingsIn } from './store/sessions/everybody.ts';
import { signInsIn } from './store/sessions/opening.ts';
import { refreshTokensIn } from './store/sessions/refresh-tokens.ts';
import { sessionsIn } from './store/sessions/sessions.ts';
import { settingEventsIn } from './store/settings/events.ts';
import { newSettingsMemory, type SettingsMemory, settingsIn } from './store/settings/settings.ts';
import { accountExportsIn } from './store/transfer/exports.ts';
import { importsIn } from './store/transfer/imports.ts';
import { ownDataIn } from './store/transfer/own-data.ts';

/** What an isolate remembers between requests. */
export interface Memory {
  readonly settings: SettingsMemory;
  readonly publicReads: Map<string, Cached>;
  /** When the last refused access of each account was recorded, in milliseconds since the epoch. */
  readonly refusals: Map<number, number>;
  readonly health: HealthMemory;
}

export const newMemory = (): Memory => ({
  settings: newSettingsMemory(),
  publicReads: new Map(),
  refusals: new Map(),
  health: { latest: undefined, isChecking: false },
});

/** The parts that the adapters of one request are made of. */
export interface PortSources {
  readonly env: Env;
  readonly keys: Keys;
  readonly memory: Memory;
  readonly hashing: Hashing;
  readonly database: Database;
  readonly metrics: RequestMetrics;
  readonly defer: Defer;
}

/** How each adapter is made. */
const ADAPTERS: { readonly [K in keyof Ports]: (sources: PortSources) => Ports[K] } = {
  accounts: ({ database, defer }) => accountsIn(database, defer),
  registrations: ({ database }) => registrationsIn(database),
  guesses: ({ database }) => guessesIn(database),
  credentials: ({ database }) => credentialsIn(database),
  recovery: ({ database }) => recoveryIn(database),
  breachedPasswords: ({ env, metrics }) =>
    breachedPasswordsBy(env.ASSETS, env.BREACH_RANGE_URL, () => {
      metrics.breachChecksFailed += 1;
    }),
  factors: ({ database }) => factorsIn(database),
  codeGuesses: ({ database }) => codeGuessesIn(database),
  passkeys: ({ database }) => passkeysIn(database),
  relyingParty: ({ env }) => relyingPartyOf(env.ISSUER, env.CORS_ORIGINS),
  profiles: ({ database }) => profilesIn(database),
  verifications: ({ database }) => emailVerificationsIn(database),
  emailUndos: ({ database }) => emailUndosIn(database),
  outboxView: ({ database }) => outboxViewIn(database),
  sampleMails: ({ env }) => sampleMailsOf(env),
  mailing: (sources) => mailingOf(deliveryOf(sources, settingsOf(sources)), sources.defer),
  signIns: ({ database }) => signInsIn(database),
  massEndings: ({ database }) => massEndingsIn(database),
  sessions: ({ database, defer }) => sessionsIn(database, defer),
  refreshTokens: ({ env, metrics, defer }) => refreshTokensIn(env.REFRESH_TOKENS, defer, timedRead(metrics)),
  settings: (sources) => settingsOf(sources),
  settingEvents: ({ database }) => settingEventsIn(database),
  administration: ({ database }) => administrationIn(database),
  imports: ({ database }) => importsIn(database),
  accountExports: ({ database }) => accountExportsIn(database),
  ownData: ({ database }) => ownDataIn(database),
  auditTrail: ({ database }) => auditTrailIn(database),
  refusals: ({ database, memory }) => refusalsIn(database, memory.refusals),
  statistics: ({ database }) => statisticsIn(database),
  entities: ({ database }) => entitiesIn(database),
  games: ({ database, defer }) => gamesIn(database, defer),
  clients: ({ database }) => clientsIn(database),
  codes: ({ database }) => codesIn(database),
  grants: ({ database }) => grantsIn(database),
  publicReads: ({ defer, memory }) => publicReadsIn(memory.publicReads, caches.default, defer, PUBLIC_SECONDS),
  hashing: ({ hashing, metrics }) => timedHashing(hashing, metrics),
  issuer: ({ env, keys }) => ({ name: env.ISSUER, keys }),
  health: ({ env, memory }) => healthOf(env.DB, env.CONFIG, memory.health),
};

const timedRead =
  (metrics: RequestMetrics) =>
  <T>(read: Promise<T>): Promise<T> =>
    timed(metrics, 'kvMs', read);

const settingsOf = ({ env, metrics, memory }: PortSources): ChangeableSettings =>
  settingsIn(env.CONFIG, timedRead(metrics), memory.settings);

/** Makes an adapter each time it is asked for: a request needs few, and making all took longer than most requests. */
class RequestPorts {
  readonly sources: PortSources;
  constructor(sources: PortSources) {
    this.sources = sources;
  }
}
for (const [name, make] of Object.entries<(sources: PortSources) => unknown>(ADAPTERS))
  Object.defineProperty(RequestPorts.prototype, name, {
    get(this: RequestPorts) {
      return make(this.sources);
    },
  });

// Each port's getter is added to the prototype, where the compiler does not see it.
export const portsOf = (sources: PortSources): Ports => new RequestPorts(sources) as unknown as Ports;

/** Adds D1's calls to the metrics of a request or a job. */
export const meterOf = (metrics: RequestMetrics): Meter => ({
  timed: (call) => timed(metrics, 'd1Ms', call),
  count: (rows) => {
    metrics.rowsRead += rows.rows_read;
    metrics.rowsWritten += rows.rows_written;
  },
});
