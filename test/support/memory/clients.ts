// Clients in memory. A deleted client's grants, codes and sessions end with it.
import type { Client, Clients } from '../../../src/domain/oauth/client.ts';
import { originOf } from '../../../src/domain/oauth/redirect-uri.ts';
import { pageOf } from '../../../src/domain/page.ts';
import { record } from './audit-trail.ts';
import { isUnended, refuseEnded } from './conditions.ts';
import { endSessions } from './session-endings.ts';
import type { State, StoredClient } from './state.ts';

export function clientsIn(state: State): Clients {
  const find = (id: string) => findClient(state, id);
  const all = () => [...state.clients.values()].filter(({ deletedAt }) => deletedAt === null);

  return {
    async find(id) {
      const found = find(id);
      return found && { client: found.client, secretHash: found.secretHash };
    },

    hasOrigin: async (origin) =>
      all().some(({ client }) => client.kind === 'public' && client.redirectUris.map(originOf).includes(origin)),

    async list(after, limit) {
      const newest = all().toReversed();
      const start = after === undefined ? 0 : newest.findIndex(({ client }) => client.id === after) + 1;
      const { items, next } = pageOf(newest.slice(start, start + limit + 1), limit, ({ client }) => client.id);
      return { items: items.map(({ client }) => client), next };
    },

    async add(client, secretHash, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      state.clients.set(client.id, { client, secretHash, deletedAt: null });
      record(state, 'client.created', null, audit, detailOf(client));
      return 'added';
    },

    async replace(before, client, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      const found = find(before.id);
      if (found?.client.updatedAt !== before.updatedAt) return 'overtaken';
      record(state, 'client.updated', null, audit, detailOf(found.client));
      state.clients.set(client.id, { ...found, client });
      return 'replaced';
    },

    async replaceSecret(id, secretHash, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      const found = find(id);
      if (!found) return 'not_found';
      record(state, 'client.secret_replaced', null, audit, detailOf(found.client));
      state.clients.set(id, { ...found, secretHash });
      return 'replaced';
    },

    async remove(id, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      const found = find(id);
      if (!found) return 'not_found';
      record(state, 'client.deleted', null, audit, detailOf(found.client));
      state.clients.set(id, { ...found, deletedAt: audit.now });
      const ending = { action: 'session.revoked', reason: 'client_deleted' } as const;
      endSessions(state, (session) => session.client?.id === id && isUnended(session, audit.now), ending, audit);
      return 'removed';
    },
  };
}

/** A client that was not deleted. */
export function findClient(state: State, id: string): StoredClient | undefined {
  const stored = state.clients.get(id);
  return stored?.deletedAt === null ? stored : undefined;
}

const detailOf = ({ id, name }: Client) => ({ client_id: id, name });
