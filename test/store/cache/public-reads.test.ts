// Two isolates of a data centre, each with its own memory, and the edge cache they share.
import { expect, it, vi } from 'vitest';

const SECONDS = 5;
const T = 1_800_000_000_000;

async function isolate(cache: Pick<Cache, 'match' | 'put'> = caches.default) {
  vi.resetModules();
  const { publicReadsIn } = await import('../../../src/store/cache/public-reads.ts');
  const deferred: Promise<unknown>[] = [];
  const matches = vi.fn(cache.match.bind(cache));
  const reads = publicReadsIn({ match: matches, put: cache.put.bind(cache) }, (work) => deferred.push(work()), SECONDS);
  return { ...reads, matches, settled: () => Promise.all(deferred) };
}

it('is found in the isolate that read it without asking the edge cache', async () => {
  const one = await isolate();
  one.store('https://here.example/a', { n: 1 }, T);
  expect(await one.find('https://here.example/a', T + 1500)).toEqual({ value: { n: 1 }, ageSeconds: 1 });
  expect(one.matches).not.toHaveBeenCalled();
  await one.settled();
});

it('is found by another isolate, no younger for that, and gone for both at the same time', async () => {
  const one = await isolate();
  one.store('https://here.example/b', { n: 2 }, T);
  await one.settled();
  const other = await isolate();
  for (const time of [T + 4000, T + 4999])
    expect(await other.find('https://here.example/b', time)).toEqual({ value: { n: 2 }, ageSeconds: 4 });
  expect(other.matches).toHaveBeenCalledTimes(1);
  for (const reads of [one, other]) expect(await reads.find('https://here.example/b', T + 5000)).toBeUndefined();
});

it('is kept by the edge cache alone where it is long', async () => {
  const one = await isolate();
  const value = { text: 'x'.repeat(16 * 1024) };
  one.store('https://here.example/c', value, T);
  await one.settled();
  expect(await one.find('https://here.example/c', T)).toEqual({ value, ageSeconds: 0 });
  expect(one.matches).toHaveBeenCalledTimes(1);
});

it('forgets the oldest of many', async () => {
  const one = await isolate();
  for (let n = 0; n <= 256; n += 1) one.store(`https://here.example/many/${n}`, n, T);
  await one.settled();
  await one.find('https://here.example/many/256', T);
  expect(one.matches).not.toHaveBeenCalled();
  await one.find('https://here.example/many/0', T);
  expect(one.matches).toHaveBeenCalledTimes(1);
});

it('takes a failing edge cache for an empty one', async () => {
  const one = await isolate({
    match: () => Promise.reject(new Error('no cache')),
    put: () => Promise.reject(new Error('no cache')),
  });
  expect(await one.find('https://here.example/d', T)).toBeUndefined();
});
