// A patch of an entity merges its attributes, and is never written over somebody else's change.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import {
  type Entity,
  type EntityPatch,
  type ExpectedVersion,
  isEntityName,
  patchEntity,
} from '../../../src/domain/entities/entity.ts';
import { JSON_OBJECT_MAX_BYTES } from '../../../src/domain/json-object.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { acting, NOW } from '../../support/domain/contexts.ts';
import { newThing, readerOf } from '../../support/domain/entities.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters;
let ann: Account;
let thing: Entity;
beforeEach(async () => {
  adapters = inMemory();
  ann = await newAccount(adapters);
  thing = await newThing(adapters, ann.id, { attributes: { a: 1, b: { c: 2 } } });
});

const patch = (
  change: EntityPatch,
  expected: ExpectedVersion = 'any',
  audit = acting(ann.id, { now: NOW + 1 }),
  id = thing.id,
) => patchEntity(adapters.entities, id, change, expected, audit);
const stored = () => adapters.entities.findNow({ id: thing.id }, readerOf(ann.id));
/** Another write comes between each read and its write, this many times. */
function overtake(times: number) {
  const findNow = adapters.entities.findNow;
  let left = times;
  return vi.spyOn(adapters.entities, 'findNow').mockImplementation(async (...args) => {
    const found = await findNow(...args);
    left -= 1;
    if (left >= 0) await adapters.entities.change({ id: thing.id }, { quantity: left }, 'any', acting(ann.id));
    return found;
  });
}

describe('a patch', () => {
  it('changes the given fields and merges the attributes, in one version', async () => {
    const patched = await patch({ quantity: 7, attributes: { a: null, b: { d: 3 } } });
    const attributes = { b: { c: 2, d: 3 } };
    expect(patched).toEqual({ ...thing, quantity: 7, attributes, version: 2, updatedAt: NOW + 1 });
    expect(await stored()).toEqual(patched);
  });

  it('without attributes leaves them, and null removes them all', async () => {
    const findNow = vi.spyOn(adapters.entities, 'findNow');
    expect(await patch({ type: 'other' })).toMatchObject({ type: 'other', attributes: thing.attributes });
    expect(await patch({ attributes: null })).toMatchObject({ attributes: {} });
    expect(findNow).not.toHaveBeenCalled();
  });

  it('starts again where another write came first', async () => {
    overtake(3);
    expect(await patch({ attributes: { z: 1 } })).toMatchObject({
      attributes: { ...thing.attributes, z: 1 },
      quantity: 0,
      version: 5,
    });
  });

  it('gives up where another write always comes first', async () => {
    const findNow = overtake(Number.POSITIVE_INFINITY);
    expect(await patch({ attributes: { z: 1 } })).toMatchObject({ refused: 'unavailable' });
    expect(findNow).toHaveBeenCalledTimes(20);
    expect(await stored()).toMatchObject({ attributes: thing.attributes });
  });

  it('at once by many loses none of their changes', async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => patch({ attributes: { [key]: 1 } })));
    expect(Object.keys((await stored())?.attributes ?? {})).toEqual(expect.arrayContaining([...keys, 'a', 'b']));
  });
});

describe('a patch at an expected version', () => {
  it('is written at that version', async () => {
    for (const attributes of [{ z: 1 }, null, undefined])
      expect(await patch({ attributes }, [9, (await stored())?.version ?? 0])).not.toHaveProperty('refused');
  });

  it('is refused at another', async () => {
    for (const attributes of [{ z: 1 }, null, undefined])
      expect(await patch({ quantity: 7, attributes }, [2, 3])).toMatchObject({ refused: 'precondition_failed' });
    expect(await stored()).toEqual(thing);
  });

  it('is refused where another write came first, and does not start again', async () => {
    const findNow = overtake(1);
    expect(await patch({ attributes: { z: 1 } }, [1, 2])).toMatchObject({ refused: 'precondition_failed' });
    expect(findNow).toHaveBeenCalledTimes(1);
    expect(await stored()).toMatchObject({ attributes: thing.attributes, version: 2 });
  });
});

describe('a patch is refused', () => {
  it('to a code that is taken', async () => {
    const { code } = await newThing(adapters, ann.id);
    for (const attributes of [{ z: 1 }, undefined])
      expect(await patch({ code, attributes })).toMatchObject({ refused: 'code_taken' });
    expect(await stored()).toEqual(thing);
  });

  it('where the merged attributes are too large', async () => {
    const half = 'x'.repeat(JSON_OBJECT_MAX_BYTES / 2);
    await patch({ attributes: { half } });
    expect(await patch({ attributes: { other: half } })).toMatchObject({
      refused: 'invalid_body',
      errors: [{ path: 'attributes' }],
    });
    expect((await stored())?.attributes).not.toHaveProperty('other');
  });

  it.each<[string, () => Promise<ReturnType<typeof acting>>, string]>([
    ['another account', async () => acting((await newAccount(adapters)).id), 'forbidden'],
    ['a session that has ended', async () => acting(ann.id, { sessionId: crypto.randomUUID() }), 'token_revoked'],
  ])('to %s', async (_, audit, refused) => {
    const context = await audit();
    for (const attributes of [{ z: 1 }, null, undefined])
      expect(await patch({ attributes }, 'any', context)).toMatchObject({ refused });
    expect(await stored()).toEqual(thing);
  });

  it('alike for an entity that is private and for one that is not there', async () => {
    const mine = await newThing(adapters, ann.id, { visibility: 'private' });
    const bob = acting((await newAccount(adapters)).id);
    for (const attributes of [{ z: 1 }, undefined]) {
      const answers = await Promise.all([mine.id, mine.id + 1000].map((id) => patch({ attributes }, 'any', bob, id)));
      expect(answers[0]).toMatchObject({ refused: 'entity_not_found' });
      expect(answers[1]).toEqual(answers[0]);
    }
  });

  it('never to an admin, who does not become the owner', async () => {
    const boss = await newAdmin(adapters);
    const patched = await patch({ attributes: { z: 1 } }, 'any', acting(boss.id));
    expect(isRefusal(patched)).toBe(false);
    expect(patched).toMatchObject({ ownerId: ann.id, attributes: { z: 1 } });
  });
});

describe('a code or a type', () => {
  it.each(['a', 'A-1 /@?', ' ', '🔑'.repeat(64), 'ä'.repeat(64), '\u200b'])('can be %j', (text) => {
    expect(isEntityName(text)).toBe(true);
  });

  it.each(['', 'a'.repeat(65), '🔑'.repeat(65), 'a\nb', 'a\u0000', '\u007f', '\u2028', '\u2029', '\ud800'])(
    'cannot be %j',
    (text) => {
      expect(isEntityName(text)).toBe(false);
    },
  );
});
