// Pseudorandom choices from a seed, the same at every run.

export interface Random {
  /** At least 0 and below 1. */
  fraction(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** An index of `weights`, with a probability proportional to its weight. */
  weighted(weights: readonly number[]): number;
  hex(digits: number): string;
  uuid(): string;
}

export function randomFrom(seed: number): Random {
  const fraction = mulberry32(seed);
  const between = (min: number, max: number): number => min + Math.floor(fraction() * (max - min + 1));
  const hex = (digits: number): string => Array.from({ length: digits }, () => between(0, 15).toString(16)).join('');
  return {
    fraction,
    between,
    hex,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    weighted(weights) {
      let below = fraction() * weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, weight] of weights.entries()) {
        if (below < weight) return index;
        below -= weight;
      }
      return weights.length - 1;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(between(0, 3))}${hex(3)}-${hex(12)}`,
  };
}

/** Mulberry32 (Tommy Ettinger): 32 bits of state, good enough for demo data and nothing else. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
