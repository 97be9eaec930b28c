// Whether one version differs from another by more than one round differs from the next.
import { type Figures, median } from './subject.ts';

/** What one round saw of both. */
export interface Pair {
  readonly ours: Figures;
  readonly other: Figures;
}

export interface Difference {
  /** Ours over the other's: the median over the rounds, and how far the rounds spread. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
  readonly side: 'more' | 'less' | 'same';
}

/** Fewer rounds than this agree by chance. */
const FEWEST_ROUNDS = 5;
/** Smaller differences are nobody's business, however sure. */
const SMALLEST = 0.02;

/** The two differ where every round is on the same side of 1, and their median is away from it. */
export function differenceOf(pairs: readonly Pair[], read: (figures: Figures) => number): Difference {
  const ratios = pairs.map(({ ours, other }) => read(ours) / read(other));
  const [ratio, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)];
  const isSure = ratios.length >= FEWEST_ROUNDS;
  if (isSure && least > 1 && ratio >= 1 + SMALLEST) return { ratio, least, most, side: 'more' };
  if (isSure && most < 1 && ratio <= 1 - SMALLEST) return { ratio, least, most, side: 'less' };
  return { ratio, least, most, side: 'same' };
}
