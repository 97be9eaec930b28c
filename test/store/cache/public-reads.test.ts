// Two isolates of a data centre, each with its own memory, and the edge cache they share.
import { expect, it, vi } from 'vitest';
import { publicReadsIn } from '../../../src/store/cache/public-reads.ts';

const SECONDS = 5;
const T = 1_800_000_000_000;

function isolate(cache: Pick<Cache, 'match' | 'put'> = caches.default) {
  const deferred: Promise<unknown>[] = [];
  const matches = vi.fn(cache.match.bind(cache));
  const puts = vi.fn(cache.put.bind(cache));
  const reads = publicReadsIn(new Map(), { match: matches, put: puts }, (work) => deferred.push(work()), SECONDS);
  return { ...reads, matches, puts, settled: () => Promise.allSettled(deferred) };
}

it('is found in the isolate that read it without asking the edge cache', async () => {
  const one = isolate();
  one.store('https://here.example/a', { n: 1 }, T);
  expect(await one.find('https://here.example/a', T + 1500)).toEqual({ value: { n: 1 }, ageSeconds: 1 });
  expect(one.matches).not.toHaveBeenCalled();
  await one.settled();
});

/** A read that an isolate made a period ago. */
const EARLIER = T - SECONDS * 1000;

it('costs no call of the edge cache where the isolate is asked for it first', async () => {
  const one = isolate();
  expect(await one.find('https://here.example/first', T)).toBeUndefined();
  one.store('https://here.example/first', { n: 1 }, T);
  await one.settled();
  expect([one.matches.mock.calls.length, one.puts.mock.calls.length]).toEqual([0, 0]);
});

it('is found by another isolate that is asked for it again, no younger, and expires for both at once', async () => {
  const [one, other] = [isolate(), isolate()];
  for (const reads of [one, other]) reads.store('https://here.example/b', { n: 1 }, EARLIER);
  expect(await one.find('https://here.example/b', T)).toBeUndefined();
  one.store('https://here.example/b', { n: 2 }, T);
  await one.settled();
  for (const time of [T + 4000, T + 4999])
    expect(await other.find('https://here.example/b', time)).toEqual({ value: { n: 2 }, ageSeconds: 4 });
  expect(other.matches).toHaveBeenCalledTimes(1);
  for (const reads of [one, other]) expect(await reads.find('https://here.example/b', T + 5000)).toBeUndefined();
});

it('is cached at the edge alone where it is long', async () => {
  const one = isolate();
  const value = { text: 'x'.repeat(16 * 1024) };
  for (const time of [EARLIER, T]) one.store('https://here.example/c', value, time);
  await one.settled();
  expect(await one.find('https://here.example/c', T)).toEqual({ value, ageSeconds: 0 });
  expect(one.matches).toHaveBeenCalledTimes(1);
});

it('forgets the oldest of many', async () => {
  const one = isolate();
  for (let n = 0; n <= 256; n += 1) one.store(`https://here.example/many/${n}`, n, T);
  expect(await one.find('https://here.example/many/1', T)).toEqual({ value: 1, ageSeconds: 0 });
  expect(await one.find('https://here.example/many/0', T)).toBeUndefined();
});

it('takes a failing edge cache for an empty one', async () => {
  const one = isolate({
    match: () => Promise.reject(new Error('no cache')),
    put: () => Promise.reject(new Error('no cache')),
  });
  for (const time of [EARLIER, T]) one.store('https://here.example/d', { n: 1 }, time);
  await one.settled();
  expect(await one.find('https://here.example/d', T + SECONDS * 1000)).toBeUndefined();
  expect(one.matches).toHaveBeenCalledTimes(1);
});
