// Statistics in memory.
import {
  CHART_DAYS,
  DAY_MS,
  dayOf,
  MAX_COUNTED,
  MAX_SESSIONS_SEEN,
  MAX_SIGN_INS_COUNTED,
  type Statistics,
} from '../../../src/domain/maintenance/statistics.ts';
import { isUnended } from './conditions.ts';
import type { State } from './state.ts';

export const statisticsIn = (state: State): Statistics => ({
  async current(now) {
    const accounts = [...state.accounts.values()];
    const newest = [...state.sessions.values()].slice(-MAX_SESSIONS_SEEN);
    const liveSessions = bounded(newest.filter((session) => isUnended(session, now)));
    const firstDay = dayOf(now) - (CHART_DAYS - 1) * DAY_MS;
    const signIns = state.events.filter(({ action }) => action === 'login.succeeded').slice(-MAX_SIGN_INS_COUNTED);
    const counted = signIns.filter(({ at }) => at >= firstDay).map(({ at }) => dayOf(at));
    return {
      counts: {
        accounts: bounded(accounts),
        admins: bounded(accounts.filter(({ role, active }) => role === 'admin' && active)),
        liveSessions,
        hasUnseenSessions: liveSessions <= MAX_COUNTED && state.sessions.size > MAX_SESSIONS_SEEN,
        entities: bounded([...state.entities.values()]),
      },
      days: Array.from({ length: CHART_DAYS }, (_, index) => {
        const day = firstDay + index * DAY_MS;
        return { day, signIns: counted.filter((each) => each === day).length };
      }),
      completeSince: counted.length < MAX_SIGN_INS_COUNTED ? firstDay : Math.min(...counted) + DAY_MS,
    };
  },
});

const bounded = (items: readonly unknown[]): number => Math.min(MAX_COUNTED + 1, items.length);
