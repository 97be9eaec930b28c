// The ports of the domain over one state in memory. Passkeys, mailed links, mail delivery and jobs have no adapter
// here.
import { accountsIn, profilesIn, registrationsIn } from './accounts.ts';
import { administrationIn } from './administration.ts';
import { auditTrailIn } from './audit-trail.ts';
import { codeGuessesIn } from './code-guesses.ts';
import { credentialsIn } from './credentials.ts';
import { entitiesIn } from './entities.ts';
import { factorsIn } from './factors.ts';
import { gamesIn } from './games.ts';
import { guessesIn } from './password-guesses.ts';
import { refreshTokensIn } from './refresh-tokens.ts';
import { refusalsIn } from './refusals.ts';
import { sessionsIn } from './sessions.ts';
import { settingEventsIn, settingsIn } from './settings.ts';
import { signInsIn } from './sign-ins.ts';
import type { State } from './state.ts';

export const portsIn = (state: State) => ({
  accounts: accountsIn(state),
  registrations: registrationsIn(state),
  profiles: profilesIn(state),
  administration: administrationIn(state),
  guesses: guessesIn(state),
  credentials: credentialsIn(state),
  factors: factorsIn(state),
  codeGuesses: codeGuessesIn(state),
  signIns: signInsIn(state),
  sessions: sessionsIn(state),
  refreshTokens: refreshTokensIn(state),
  settings: settingsIn(state),
  settingEvents: settingEventsIn(state),
  auditTrail: auditTrailIn(state),
  refusals: refusalsIn(state),
  entities: entitiesIn(state),
  games: gamesIn(state),
});

/** The ports, whatever adapters stand behind them. */
export type DomainPorts = ReturnType<typeof portsIn>;
