// The adapter behind each port of the domain.
import { type DeliveryPorts, deliver } from './domain/mail/delivery.ts';
import type { Mailing } from './domain/mail/mail.ts';
import { relyingPartyOf } from './domain/passkeys/relying-party.ts';
import type { Hashing } from './domain/passwords/hash.ts';
import type { SettingsStore } from './domain/settings/settings.ts';
import type { Keys } from './domain/tokens/keys.ts';
import type { Ports } from './http/context.ts';
import { type RequestMetrics, timed, timedHashing } from './http/middleware/metrics.ts';
import { PUBLIC_SECONDS } from './http/shapes/cached-read.ts';
import { sampleMails } from './mail/samples.ts';
import { linkTargets, mailWriter, recoveryUrlOf } from './mail/write.ts';
import { accountsIn } from './store/accounts/accounts.ts';
import { administrationIn } from './store/accounts/administration.ts';
import { profilesIn } from './store/accounts/profiles.ts';
import { registrationsIn } from './store/accounts/registrations.ts';
import { refusalsIn } from './store/audit/refusals.ts';
import { auditTrailIn } from './store/audit/trail.ts';
import { publicReadsIn } from './store/cache/public-reads.ts';
import type { Database, Defer } from './store/d1/database.ts';
import type { Meter } from './store/d1/metering.ts';
import { emailUndosIn } from './store/email/undos.ts';
import { emailVerificationsIn } from './store/email/verifications.ts';
import { entitiesIn } from './store/entities/entities.ts';
import { codeGuessesIn } from './store/factors/code-guesses.ts';
import { factorsIn } from './store/factors/factors.ts';
import { gamesIn } from './store/games/games.ts';
import { outboxIn } from './store/mail/outbox.ts';
import { outboxViewIn } from './store/mail/outbox-view.ts';
import { type MailEnv, senderOf } from './store/mail/senders.ts';
import { healthOf } from './store/maintenance/health.ts';
import { statisticsIn } from './store/maintenance/statistics.ts';
import { oauthIn } from './store/oauth/oauth.ts';
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
import { settingsIn } from './store/settings/settings.ts';
import { accountExportsIn } from './store/transfer/exports.ts';
import { importsIn } from './store/transfer/imports.ts';
import { ownDataIn } from './store/transfer/own-data.ts';

/** The parts that the adapters of one request are made of. */
export interface PortSources {
  readonly env: Env;
  readonly keys: Keys;
  readonly hashing: Hashing;
  readonly database: Database;
  readonly metrics: RequestMetrics;
  readonly defer: Defer;
}

const transferPorts = (database: Database): Pick<Ports, 'imports' | 'accountExports' | 'ownData'> => ({
  imports: importsIn(database),
  accountExports: accountExportsIn(database),
  ownData: ownDataIn(database),
});

export function portsOf({ env, keys, hashing, database, metrics, defer }: PortSources): Ports {
  const timedRead = <T>(read: Promise<T>): Promise<T> => timed(metrics, 'kvMs', read);
  const settings = settingsIn(env.CONFIG, timedRead);
  return {
    accounts: accountsIn(database, defer),
    registrations: registrationsIn(database),
    guesses: guessesIn(database),
    credentials: credentialsIn(database),
    recovery: recoveryIn(database),
    breachedPasswords: breachedPasswordsBy(env.ASSETS, env.BREACH_RANGE_URL, () => {
      metrics.breachChecksFailed += 1;
    }),
    factors: factorsIn(database),
    codeGuesses: codeGuessesIn(database),
    passkeys: passkeysIn(database),
    get relyingParty() {
      return relyingPartyOf(env.ISSUER, env.CORS_ORIGINS);
    },
    profiles: profilesIn(database),
    verifications: emailVerificationsIn(database),
    emailUndos: emailUndosIn(database),
    outboxView: outboxViewIn(database),
    sampleMails: sampleMailsOf(env),
    mailing: mailingOf(deliveryOf(env, keys, database, settings), defer),
    signIns: signInsIn(database),
    massEndings: massEndingsIn(database),
    sessions: sessionsIn(database, defer),
    refreshTokens: refreshTokensIn(env.REFRESH_TOKENS, defer, timedRead),
    settings,
    settingEvents: settingEventsIn(database),
    administration: administrationIn(database),
    ...transferPorts(database),
    auditTrail: auditTrailIn(database),
    refusals: refusalsIn(database),
    statistics: statisticsIn(database),
    entities: entitiesIn(database),
    games: gamesIn(database, defer),
    ...oauthIn(database),
    publicReads: publicReadsIn(caches.default, defer, PUBLIC_SECONDS),
    hashing: timedHashing(hashing, metrics),
    issuer: { name: env.ISSUER, keys },
    health: healthOf(env.DB, env.CONFIG),
  };
}

/** The ports of the delivery of mails; undefined where no sender is configured. */
export function deliveryOf(
  env: Env & MailEnv,
  keys: Keys,
  database: Database,
  settings: SettingsStore,
): DeliveryPorts | undefined {
  const sender = senderOf(env);
  const write = mailWriter(env.ISSUER, linkTargets(env));
  return sender && { outbox: outboxIn(database), sender, write, settings, keys };
}

/** In development alone, where the service is known by a name of the local machine. */
const sampleMailsOf = (env: Env): Ports['sampleMails'] =>
  new URL(env.ISSUER).hostname === 'localhost'
    ? (service, now) => sampleMails(linkTargets(env), recoveryUrlOf(env.ISSUER), service, now)
    : undefined;

const mailingOf = (delivery: DeliveryPorts | undefined, defer: Defer): Mailing => ({
  isConfigured: delivery !== undefined,
  deliverSoon(mails, now) {
    const ids = mails.map(({ id }) => id);
    if (delivery && ids.length > 0) defer(() => deliver(delivery, ids, now));
  },
});

/** Adds D1's calls to the metrics of a request or a job. */
export const meterOf = (metrics: RequestMetrics): Meter => ({
  timed: (call) => timed(metrics, 'd1Ms', call),
  count: (rows) => {
    metrics.rowsRead += rows.rows_read;
    metrics.rowsWritten += rows.rows_written;
  },
});
