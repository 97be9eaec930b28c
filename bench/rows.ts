// `npm run bench -- --rows`: the same operations in a small and in a large database, where they must not cost more.
import { measure } from './measure.ts';
import type { Bench, Report } from './report.ts';
import { type CleanupRun, cleanupLine, cleanupRuns, isWithinItsShare } from './rows/cleanup.ts';
import { SIZES } from './rows/fill.ts';
import { loggedBy, rowsOf } from './rows/logged.ts';
import { growingSubjects } from './rows/operations.ts';
import type { Server } from './server.ts';
import { withServers } from './servers.ts';
import { chosen, median, type Subject } from './subject.ts';

const ROUNDS = 2;
/**
 * The highest ratio of the large database's CPU, and rows, to the small one's; and a difference in rows that does not
 * count.
 */
const MOST = 1.5;
const FEW_ROWS = 10;

type Size = keyof typeof SIZES;
const NAMES = ['small', 'large'] as const satisfies readonly Size[];
type BySize<T> = Readonly<Record<Size, T>>;

interface Cost {
  readonly perSecond: number;
  readonly cpu: number;
  /** D1's rows of one request. */
  readonly read: number;
  readonly written: number;
}

interface Row {
  readonly name: string;
  readonly costs: BySize<Cost>;
  /** How many times as slow the large database is, in the round in which it is least. */
  readonly times: number;
  readonly met: boolean;
}

export const rows = ({ bindings, options }: Bench): Promise<Report> =>
  withServers(NAMES, bindings, async (get) => {
    const servers = { small: get('small'), large: get('large') };
    const subjects = chosen(growingSubjects, options.only);
    const measured = await rowsAt(servers, subjects, options.rounds ?? ROUNDS, options.seconds);
    const cleanup = { small: await cleanupRuns(servers.small), large: await cleanupRuns(servers.large) };
    const failures = [
      ...measured.filter(({ met }) => !met).map(({ name }) => `${name} costs more in a large database`),
      ...(isWithinItsShare(cleanup.large) ? [] : ['the clean-up takes longer than its share of a minute']),
    ];
    return { data: { rows: measured, cleanup }, text: tableOf(measured, cleanup), failures };
  });

/** Measures each subject in both databases in turn. */
async function rowsAt(
  servers: BySize<Server>,
  subjects: readonly Subject[],
  rounds: number,
  seconds: number,
): Promise<readonly Row[]> {
  const seen = new Map<Subject, BySize<Cost>[]>(subjects.map((subject) => [subject, []]));
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds}: ${subjects.length} subjects`);
    for (const [subject, costs] of seen)
      costs.push({
        small: await costOf(servers.small, subject, seconds),
        large: await costOf(servers.large, subject, seconds),
      });
  }
  return [...seen].map(([{ name }, rounds]) => {
    const costs = {
      small: medianOf(rounds.map(({ small }) => small)),
      large: medianOf(rounds.map(({ large }) => large)),
    };
    const times = Math.min(...rounds.map(timesOf));
    return { name, costs, times, met: readsAsMuch(costs) && times < MOST };
  });
}

async function costOf(server: Server, { shot, connections }: Subject, seconds: number): Promise<Cost> {
  const prepared = await shot(server.origin);
  const { done, lines } = await loggedBy(server, () => measure(server, prepared, { connections, seconds }));
  if (done.failed > 0) throw new Error(`${done.failed} answers of ${prepared.path} were not successful`);
  return { perSecond: done.perSecond, cpu: done.cpu ?? Number.NaN, ...rowsOf(lines) };
}

const medianOf = (costs: readonly Cost[]): Cost => ({
  perSecond: median(costs.map(({ perSecond }) => perSecond)),
  cpu: median(costs.map(({ cpu }) => cpu)),
  read: median(costs.map(({ read }) => read)),
  written: median(costs.map(({ written }) => written)),
});

/** Rows are counted, and are the same at every run. */
const readsAsMuch = ({ small, large }: BySize<Cost>): boolean =>
  (['read', 'written'] as const).every((of) => large[of] <= small[of] * MOST + FEW_ROWS);

/** By CPU where the system tells it: other processes disturb it less. */
const timesOf = ({ small, large }: BySize<Cost>): number =>
  Number.isNaN(large.cpu) ? small.perSecond / large.perSecond : large.cpu / small.cpu;

function tableOf(measured: readonly Row[], cleanup: BySize<readonly CleanupRun[]>): string {
  const width = Math.max(0, ...measured.map(({ name }) => name.length));
  const pair = (costs: BySize<Cost>, read: (cost: Cost) => string) =>
    `${read(costs.small)} → ${read(costs.large)}`.padEnd(20);
  const lines = measured.map(({ name, costs, met }) => {
    const figures = [
      pair(costs, ({ read }) => read.toFixed(0)),
      pair(costs, ({ written }) => written.toFixed(0)),
      pair(costs, ({ cpu }) => cpu.toFixed(2)),
      pair(costs, ({ perSecond }) => perSecond.toFixed(perSecond < 100 ? 1 : 0)),
    ];
    return `${name.padEnd(width)}  ${figures.join('')}${met ? '' : 'GROWS'}`.trimEnd();
  });
  const heads = ['rows read', 'rows written', 'CPU ms', 'requests/s'].map((head) => head.padEnd(20));
  return [
    `${SIZES.small} → ${SIZES.large} rows`.padEnd(width + 2) + heads.join(''),
    ...lines,
    '',
    ...NAMES.map((size) => `clean-up at ${SIZES[size]} rows: ${cleanupLine(cleanup[size])}`),
  ].join('\n');
}
