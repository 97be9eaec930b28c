// What an isolate remembers has a bound, since nobody else empties it.

/** Sets `key`; where `most` are there already, the one that was set first goes. */
export function setBounded<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
