// `npm run bench -- --compare REF`: measures this version and another one in turn in one run, and reports the hot paths
// that differ by more than the spread over the rounds. For a reviewer, before a merge.
import { type Checkout, withCheckout } from './checkout.ts';
import { type Difference, differenceOf, type Pair } from './difference.ts';
import { measureSubject } from './measure.ts';
import type { Bench, Report } from './report.ts';
import { withServers } from './servers.ts';
import { chosen, type Subject } from './subject.ts';
import { ourSubjects } from './subjects/ours.ts';

/** Enough rounds that chance alone hardly ever puts all of them on one side. */
const ROUNDS = 7;
const SERVERS = ['ours', 'other'] as const;

interface Compared {
  readonly name: string;
  readonly cpu: Difference | undefined;
  readonly rate: Difference;
  readonly failed: number;
}

export const compare = ({ bindings, options }: Bench, ref: string): Promise<Report> =>
  withCheckout(ref, ({ directory, commit }) =>
    withServers(
      SERVERS,
      bindings,
      async (get) => {
        const { only, seconds, rounds = ROUNDS } = options;
        const hotPaths = chosen(
          ourSubjects.filter(({ server }) => server === 'ours'),
          only,
        );
        const pairs = new Map<Subject, Pair[]>(hotPaths.map((subject) => [subject, []]));
        for (let round = 1; round <= rounds; round += 1) {
          console.error(`round ${round} of ${rounds}: ${hotPaths.length} subjects`);
          // The order alternates from round to round.
          const turns = round % 2 === 0 ? SERVERS : SERVERS.toReversed();
          for (const [subject, measured] of pairs) {
            const pair: Partial<Record<(typeof SERVERS)[number], Pair['ours']>> = {};
            for (const name of turns) pair[name] = await measureSubject(get(name), subject, { seconds });
            if (pair.ours && pair.other) measured.push({ ours: pair.ours, other: pair.other });
          }
        }
        return reportOf(
          [...pairs].map(([{ name }, measured]) => comparedOf(name, measured)),
          { directory, commit },
        );
      },
      { other: directory },
    ),
  );

function comparedOf(name: string, pairs: readonly Pair[]): Compared {
  const cpu = differenceOf(pairs, ({ cpu: milliseconds }) => milliseconds ?? Number.NaN);
  return {
    name,
    cpu: Number.isNaN(cpu.ratio) ? undefined : cpu,
    rate: differenceOf(pairs, ({ perSecond }) => perSecond),
    failed: pairs.reduce((sum, { ours, other }) => sum + ours.failed + other.failed, 0),
  };
}

function reportOf(rows: readonly Compared[], { commit }: Checkout): Report {
  const slower = rows.filter((row) => verdictOf(row) === 'SLOWER');
  return {
    data: { commit, rows: rows.map((row) => ({ ...row, verdict: verdictOf(row) })) },
    text: tableOf(rows, commit),
    failures: [
      ...slower.map(({ name }) => `${name} is slower than at ${commit}, by more than the spread`),
      ...rows.filter(({ failed }) => failed > 0).map(({ name }) => `some answers of ${name} were not successful`),
    ],
  };
}

/** By CPU where the system tells it: other processes disturb it less. */
function verdictOf({ cpu, rate }: Compared): 'SLOWER' | 'faster' | '' {
  const { side } = cpu ?? rate;
  if (side === 'same') return '';
  return (side === 'more') === (cpu !== undefined) ? 'SLOWER' : 'faster';
}

function tableOf(rows: readonly Compared[], commit: string): string {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const cell = (difference: Difference | undefined) => {
    if (!difference) return ''.padEnd(24);
    const [ratio, least, most] = [difference.ratio, difference.least, difference.most].map((value) => value.toFixed(2));
    return `${ratio} (${least} to ${most})`.padEnd(24);
  };
  return [
    `of ${commit}: median (spread)`.padEnd(width + 2) + 'CPU'.padEnd(24) + 'requests/s'.padEnd(24),
    ...rows.map((row) => `${row.name.padEnd(width + 2)}${cell(row.cpu)}${cell(row.rate)}${verdictOf(row)}`.trimEnd()),
  ].join('\n');
}
