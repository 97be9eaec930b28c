// Whether two versions differ by more than the rounds of one do.
import { type Figures, median } from './subject.ts';

/** The figures of both in one round. */
export interface Pair {
  readonly ours: Figures;
  readonly other: Figures;
}

export interface Difference {
  /** Ours over the other's: the median over the rounds, and the spread of the rounds. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
  readonly side: 'more' | 'less' | 'same';
}

/** Fewer rounds can agree by chance. */
const FEWEST_ROUNDS = 5;
/** Smaller differences do not matter, however certain. */
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
