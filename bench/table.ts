// The results of a run: medians over its rounds, and ratios taken within each round, where the machine was the same for
// both.
import { type Against, type Figures, median, type Subject } from './subject.ts';

/** The figures of each round, by subject. */
export type Rounds = readonly ReadonlyMap<string, Figures>[];

export interface Row extends Figures {
  readonly name: string;
  readonly ratios: readonly Ratio[];
}

interface Ratio extends Against {
  readonly ratio: number;
  /** The other's median and 99th percentile. */
  readonly p50: number;
  readonly p99: number;
  readonly met: boolean;
}

const medianOf = (rounds: Rounds, name: string, read: (figures: Figures) => number): number =>
  median(rounds.flatMap((round) => round.get(name) ?? []).map(read));

const total = (rounds: Rounds, name: string, read: (figures: Figures) => number): number =>
  rounds.flatMap((round) => round.get(name) ?? []).reduce((sum, figures) => sum + read(figures), 0);

export const rowsOf = (subjects: readonly Subject[], rounds: Rounds): readonly Row[] =>
  subjects
    .filter(({ name }) => rounds.some((round) => round.has(name)))
    .map(({ name, against = [] }) => ({
      name,
      perSecond: medianOf(rounds, name, ({ perSecond }) => perSecond),
      p50: medianOf(rounds, name, ({ p50 }) => p50),
      p95: medianOf(rounds, name, ({ p95 }) => p95),
      p99: medianOf(rounds, name, ({ p99 }) => p99),
      cpu: medianOf(rounds, name, ({ cpu }) => cpu ?? Number.NaN),
      requests: total(rounds, name, ({ requests }) => requests),
      failed: total(rounds, name, ({ failed }) => failed),
      unanswered: total(rounds, name, ({ unanswered }) => unanswered),
      ratios: against.flatMap((other) => ratioOf(rounds, name, other)),
    }));

/** Empty where the other was not measured. */
function ratioOf(rounds: Rounds, name: string, against: Against): readonly Ratio[] {
  const ratios = rounds.flatMap((round) => {
    const [mine, other] = [round.get(name), round.get(against.name)];
    if (!mine || !other) return [];
    if (against.by === 'cpu') return (other.cpu ?? Number.NaN) / (mine.cpu ?? Number.NaN);
    return against.by === 'p50' ? other.p50 / mine.p50 : mine.perSecond / other.perSecond;
  });
  if (ratios.length === 0) return [];
  const ratio = median(ratios);
  const p50 = medianOf(rounds, against.name, (figures) => figures.p50);
  const p99 = medianOf(rounds, against.name, (figures) => figures.p99);
  return [{ ...against, ratio, p50, p99, met: ratio >= against.atLeast }];
}

/** As text: a line for each subject, and below it the subjects that it is compared with. */
export function tableOf(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const head = `${'operation'.padEnd(width)}  requests/s    p50 ms    p99 ms    CPU ms  ratios`;
  return [head, '-'.repeat(head.length + 30), ...rows.map((row) => lineOf(row, width))].join('\n');
}

function lineOf({ name, perSecond, p50, p99, cpu, failed, ratios }: Row, width: number): string {
  const figures = [perSecond.toFixed(perSecond < 100 ? 1 : 0), p50.toFixed(2), p99.toFixed(2), cpu?.toFixed(3) ?? ''];
  const line = `${name.padEnd(width)}  ${figures.map((figure) => figure.padStart(8).padEnd(10)).join('')}`;
  return `${line}${failed > 0 ? `${failed} FAILED  ` : ''}${ratios.map(wordsOf).join('; ')}`.trimEnd();
}

const BY = { rate: '', cpu: "'s CPU", p50: "'s latency" } as const;

const wordsOf = ({ name, as, by = 'rate', ratio, atLeast, met, p50, p99 }: Ratio): string => {
  const other = as === 'peer' ? name.replace('better-auth', 'peer:') : name;
  const aim = `${met ? '≥' : 'MISSED'} ${atLeast.toFixed(2)}`;
  return `${ratio.toFixed(2)} of ${other}${BY[by]} (${aim}; its p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)})`;
};
