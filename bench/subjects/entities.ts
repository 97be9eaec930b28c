// The entities and games in requests to our operations and to the limits.
import { ENTITIES } from '../fill.ts';
import { bearer, call } from './client.ts';

/** Public and without an owner, as every entity that a server was filled with. */
export const AN_ENTITY = '/entities/7';

/** The paths of this many of them. */
export const entityPaths = (count: number): readonly string[] => {
  if (count > ENTITIES) throw new Error(`there are ${ENTITIES} entities alone`);
  return Array.from({ length: count }, (_, i) => `/entities/${i + 1}`);
};

export const entityBody = (code: string = crypto.randomUUID()) => ({
  code,
  type: 'bench',
  quantity: 1,
  attributes: { colour: 'blue' },
});

export async function addEntity(origin: string, token: string): Promise<number> {
  return (await call<{ id: number }>(`${origin}/entities`, entityBody(), bearer(token))).body.id;
}

/** A game of a thousand stamps, ten goals and five. */
export async function addGame(origin: string, token: string): Promise<string> {
  const stamps = Array.from({ length: 1000 }, (_, i) => ({
    offset: i * 10,
    score: { home: Math.floor(i / 100), away: Math.floor(i / 200) },
  }));
  return (await call<{ id: string }>(`${origin}/games`, { stamps }, bearer(token))).body.id;
}
