// Bounded caches of an isolate: a Map that forgets its oldest entry when it is full.

/** Sets `key`. Where the map holds `maxSize` other keys, the one that was set first is deleted. */
export function setWithLimit<K, V>(map: Map<K, V>, key: K, value: V, maxSize: number): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= maxSize && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
