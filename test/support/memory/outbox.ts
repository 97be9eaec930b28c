// The outbox in memory, and as admins see it. Waits have no jitter here.
import {
  FIRST_WAIT_MS,
  type Outbox,
  type OutboxView,
  type QueuedMail,
  WAIT_DOUBLINGS,
  type WaitingMail,
} from '../../../src/domain/mail/outbox.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { refuseEnded } from './conditions.ts';
import type { State, StoredMail } from './state.ts';

export function outboxIn(state: State): Outbox {
  const change = (id: string, changed: Partial<StoredMail>) => {
    const mail = state.mails.get(id);
    if (mail) state.mails.set(id, { ...mail, ...changed });
  };

  return {
    async claim(which, limit, now) {
      const due = [...state.mails.values()]
        .filter(
          ({ id, dueAt, givenUpAt }) => dueAt <= now && givenUpAt === null && (which === 'any' || which.includes(id)),
        )
        .sort((one, other) => one.dueAt - other.dueAt)
        .slice(0, limit);
      return due.map(({ id, attempts, ...mail }) => {
        const wait = FIRST_WAIT_MS * 2 ** Math.min(WAIT_DOUBLINGS, attempts);
        change(id, { attempts: attempts + 1, dueAt: now + wait, lastError: null });
        return queuedOf({ ...mail, id, attempts: attempts + 1 });
      });
    },

    async extendLink({ tokenId }, expiresAt) {
      const token = state.oneTimeTokens.get(tokenId ?? '');
      if (!token || token.endedAt !== null) return false;
      state.oneTimeTokens.set(token.id, { ...token, expiresAt });
      return true;
    },

    async remove({ id }) {
      state.mails.delete(id);
    },

    async recordFailure({ id }, reason) {
      change(id, { lastError: reason });
    },

    async giveUp({ id, accountId, kind }, reason, now) {
      if (state.mails.get(id)?.givenUpAt !== null) return;
      record(state, 'mail.given_up', accountId, { actorId: null, ip: null, userAgent: null, now }, { kind });
      change(id, { givenUpAt: now, lastError: reason });
    },
  };
}

const queuedOf = ({ dueAt: _due, lastError: _error, givenUpAt: _givenUp, ...mail }: StoredMail): QueuedMail => mail;

export const outboxViewIn = (state: State): OutboxView => ({
  async list(limit) {
    const mails = [...state.mails.values()];
    const givenUp = mails
      .filter((mail) => mail.givenUpAt !== null)
      .sort((one, other) => (other.givenUpAt ?? 0) - (one.givenUpAt ?? 0));
    const waiting = mails.filter((mail) => mail.givenUpAt === null).sort((one, other) => one.dueAt - other.dueAt);
    return { givenUp: givenUp.slice(0, limit).map(listed), waiting: waiting.slice(0, limit).map(listed) };
  },

  async makeDue(id, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const mail = state.mails.get(id);
    if (!mail || mail.lastError === null) return refuse('not_found');
    state.mails.set(id, { ...mail, dueAt: audit.now, givenUpAt: null });
    return 'due';
  },
});

const listed = ({ detail: _detail, tokenId: _tokenId, ...mail }: StoredMail): WaitingMail => mail;
