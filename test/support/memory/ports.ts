// Every port that the domain declares for accounts, sessions, settings, entities and games, over one state in memory.
import { accountsIn, profilesIn, registrationsIn } from './accounts.ts';
import { administrationIn } from './administration.ts';
import { auditTrailIn } from './audit-trail.ts';
import { credentialsIn } from './credentials.ts';
import { entitiesIn } from './entities.ts';
import { gamesIn } from './games.ts';
import { guessesIn } from './password-guesses.ts';
import { refreshTokensIn } from './refresh-tokens.ts';
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
  signIns: signInsIn(state),
  sessions: sessionsIn(state),
  refreshTokens: refreshTokensIn(state),
  settings: settingsIn(state),
  settingEvents: settingEventsIn(state),
  auditTrail: auditTrailIn(state),
  entities: entitiesIn(state),
  games: gamesIn(state),
});

/** The ports, whatever adapters stand behind them. */
export type DomainPorts = ReturnType<typeof portsIn>;
