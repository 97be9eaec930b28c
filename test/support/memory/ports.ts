// The ports of the domain over one state in memory.
import { accountsIn, profilesIn, registrationsIn } from './accounts.ts';
import { administrationIn } from './administration.ts';
import { auditTrailIn } from './audit-trail.ts';
import { cleanupIn, purgingIn } from './cleanup.ts';
import { clientsIn } from './clients.ts';
import { codeGuessesIn } from './code-guesses.ts';
import { codesIn } from './codes.ts';
import { credentialsIn } from './credentials.ts';
import { emailUndosIn } from './email-undos.ts';
import { emailVerificationsIn } from './email-verifications.ts';
import { entitiesIn } from './entities.ts';
import { accountExportsIn, ownDataIn } from './exports.ts';
import { factorsIn } from './factors.ts';
import { gamesIn } from './games.ts';
import { grantsIn } from './grants.ts';
import { importsIn } from './imports.ts';
import { massEndingsIn } from './mass-endings.ts';
import { outboxIn, outboxViewIn } from './outbox.ts';
import { passkeysIn } from './passkeys.ts';
import { guessesIn } from './password-guesses.ts';
import { recoveryIn } from './recovery.ts';
import { refreshTokensIn } from './refresh-tokens.ts';
import { refusalsIn } from './refusals.ts';
import { sessionEndingsIn, sessionLimitsIn } from './session-limits.ts';
import { sessionsIn } from './sessions.ts';
import { settingEventsIn, settingsIn } from './settings.ts';
import { signInsIn } from './sign-ins.ts';
import type { State } from './state.ts';
import { statisticsIn } from './statistics.ts';

export const portsIn = (state: State) => ({
  accounts: accountsIn(state),
  registrations: registrationsIn(state),
  profiles: profilesIn(state),
  administration: administrationIn(state),
  guesses: guessesIn(state),
  credentials: credentialsIn(state),
  factors: factorsIn(state),
  recovery: recoveryIn(state),
  codeGuesses: codeGuessesIn(state),
  passkeys: passkeysIn(state),
  verifications: emailVerificationsIn(state),
  emailUndos: emailUndosIn(state),
  outbox: outboxIn(state),
  outboxView: outboxViewIn(state),
  signIns: signInsIn(state),
  massEndings: massEndingsIn(state),
  sessions: sessionsIn(state),
  refreshTokens: refreshTokensIn(state),
  settings: settingsIn(state),
  settingEvents: settingEventsIn(state),
  auditTrail: auditTrailIn(state),
  refusals: refusalsIn(state),
  entities: entitiesIn(state),
  games: gamesIn(state),
  imports: importsIn(state),
  accountExports: accountExportsIn(state),
  ownData: ownDataIn(state),
  clients: clientsIn(state),
  codes: codesIn(state),
  grants: grantsIn(state),
  statistics: statisticsIn(state),
  cleanup: cleanupIn(state),
  purging: purgingIn(),
  sessionEndings: sessionEndingsIn(),
  sessionLimits: sessionLimitsIn(state),
});

/** The ports, with any adapters. */
export type DomainPorts = ReturnType<typeof portsIn>;
