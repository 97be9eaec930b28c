// Search: whole words of code, type and attributes' values, in any case, in which no character is special.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import { thing, unique } from '../../support/things.ts';

const client = newClient();

async function found(token: string | undefined, q: string): Promise<readonly number[]> {
  const { status, body } = await client.get(`/entities?${new URLSearchParams({ q })}`, token ? { token } : {});
  expect(status).toBe(200);
  return body.entities.map(({ id }: { id: number }) => id);
}

it('finds words of the code, the type and every value inside the attributes, in any case', async () => {
  const { access_token: token } = await loggedIn(client);
  const mark = unique('mark').replaceAll('-', '');
  const attributes = { note: `Fine Wool, ${mark}`, deep: [{ er: ['Straße', 4711] }, true], key: null };
  const { id, code } = await thing(client, token, { type: `${mark}-Type`, attributes });
  for (const word of [
    code,
    code.toUpperCase(),
    `${mark}-TYPE`,
    mark.toUpperCase(),
    'WOOL,',
    'wool',
    'strasse',
    'STRASSE',
    '4711',
    'true',
  ]) {
    expect(await found(token, `${mark} ${word}`), word).toEqual([id]);
  }
  for (const word of ['woo', 'key', 'note', 'null', 'ool', 'other'])
    expect(await found(token, `${mark} ${word}`), word).toEqual([]);
});

it('takes %, _, quotes and operators as characters', async () => {
  const { access_token: token } = await loggedIn(client);
  const mark = unique('mark').replaceAll('-', '');
  const texts = ['100%', 'a_b', "O'Brien", '"quoted"', 'x*', 'axb', 'NEAR(a,b)', 'a%b', '\\', ';--', '%'];
  const ids = new Map<string, number>();
  for (const text of texts) ids.set(text, (await thing(client, token, { type: mark, attributes: { text } })).id);
  for (const text of texts) expect(await found(token, `${mark} ${text}`), text).toEqual([ids.get(text)]);
  expect(await found(token, `${mark} OR ${mark}`)).toEqual([]);
  expect(await found(token, `${mark}*`)).toEqual([]);
  expect(await found(token, `${mark} AND NOT x`)).toEqual([]);
  expect(await found(token, `${mark} b`)).toEqual([ids.get('a_b'), ids.get('NEAR(a,b)'), ids.get('a%b')]);
});

it('follows every change', async () => {
  const { access_token: token } = await loggedIn(client);
  const [before, after] = [unique('w'), unique('w')];
  const { id } = await thing(client, token, { attributes: { text: before } });
  await client.patch(`/entities/${id}`, { attributes: { text: after } }, { token });
  expect([await found(token, before), await found(token, after)]).toEqual([[], [id]]);
  const code = unique('code');
  await client.patch(`/entities/${id}`, { code }, { token });
  expect([await found(token, code), await found(token, after), await found(token, 'thing '.concat(after))]).toEqual([
    [id],
    [id],
    [id],
  ]);
  await client.put(`/entities/${id}`, { code, type: 'x', quantity: 1 }, { token });
  expect([await found(token, after), await found(token, code)]).toEqual([[], [id]]);
  await client.delete(`/entities/${id}`, { token });
  expect(await found(token, code)).toEqual([]);
  const left = await client.env.DB.prepare('SELECT count(*) AS count FROM entity_words WHERE entity_id = ?')
    .bind(id)
    .first();
  expect(left).toEqual({ count: 0 });
});

it('finds nothing private for a stranger, also once it was public', async () => {
  const [owner, stranger] = [await loggedIn(client), await loggedIn(client)];
  const word = unique('word');
  const { id } = await thing(client, owner.access_token, { visibility: 'private', attributes: { word } });
  expect([await found(owner.access_token, word), await found(stranger.access_token, word)]).toEqual([[id], []]);
  expect(await found(stranger.access_token, `${word} thing`)).toEqual([]);
  await client.patch(`/entities/${id}`, { visibility: 'public' }, { token: owner.access_token });
  expect([await found(owner.access_token, word), await found(stranger.access_token, word)]).toEqual([[id], [id]]);
  await client.patch(`/entities/${id}`, { visibility: 'private' }, { token: owner.access_token });
  expect([
    await found(owner.access_token, word),
    await found(stranger.access_token, word),
    await found(undefined, word),
  ]).toEqual([[id], [], []]);
});

it('finds a long word by its beginning', async () => {
  const { access_token: token } = await loggedIn(client);
  const long = `${crypto.randomUUID()}${'x'.repeat(1000)}`;
  const { id } = await thing(client, token, { attributes: { long } });
  expect(await found(token, long.slice(0, 200))).toEqual([id]);
});

/** `count` words that no other entity has. */
function wordsOf(count: number): readonly string[] {
  const mark = unique('w').replaceAll('-', '');
  return Array.from({ length: count }, (_, index) => `${mark}x${index.toString(36)}`);
}

describe('an entity full of words', () => {
  it('is found by the first 250: those of its code, its type, and its attributes in their order', async () => {
    const { access_token: token } = await loggedIn(client);
    const [words, kind] = [wordsOf(800), unique('kind').replaceAll('-', '')];
    const code = unique('c').replaceAll('-', '');
    const attributes = { first: words.slice(0, 100).join(' '), second: [words.slice(100), { last: kind }] };
    for (const visibility of ['public', 'private']) {
      const name = `${code} ${visibility}`; // two words
      const { id } = await thing(client, token, { code: name, type: `${kind} ${visibility}`, attributes, visibility });
      const is = async (word: string) => (await found(token, `${code} ${visibility} ${word}`)).includes(id);
      const first = await Promise.all([kind, words[0] ?? '', words[99] ?? '', words[246] ?? ''].map(is));
      expect(first).toEqual([true, true, true, true]);
      expect(await Promise.all([words[247] ?? '', words[799] ?? ''].map(is))).toEqual([false, false]);
      const rows = await client.env.DB.prepare('SELECT count(*) AS n FROM entity_words WHERE entity_id = ?')
        .bind(id)
        .first('n');
      expect(rows).toBe(visibility === 'public' ? 250 : 500);
    }
  });

  it('has more words of its attributes found as its code and type have fewer', async () => {
    const { access_token: token } = await loggedIn(client);
    const words = wordsOf(300);
    const names = Array.from({ length: 10 }, () => `n${crypto.randomUUID().slice(0, 8)}`);
    const fields = { code: names.slice(0, 5).join(' '), type: names.slice(5).join(' '), attributes: { words } };
    const { id } = await thing(client, token, fields);
    expect([await found(token, words[239] ?? ''), await found(token, words[240] ?? '')]).toEqual([[id], []]);
    await client.patch(`/entities/${id}`, { code: names[0] }, { token });
    expect([await found(token, words[243] ?? ''), await found(token, words[244] ?? '')]).toEqual([[id], []]);
    expect(await found(token, names[1] ?? '')).toEqual([]);
    await client.patch(`/entities/${id}`, { visibility: 'private' }, { token });
    await client.patch(`/entities/${id}`, { type: names[0] }, { token });
    expect([await found(token, words[248] ?? ''), await found(token, words[249] ?? '')]).toEqual([[id], []]);
    await client.patch(`/entities/${id}`, { attributes: { words: words.toReversed() } }, { token });
    expect([await found(token, words[50] ?? ''), await found(token, words[51] ?? '')]).toEqual([[], [id]]);
  });
});
