// `npm run bench -- --open`: latency at a fixed rate, counted from when a request was due, of our operations and of the
// runtime. A closed load finds the highest rate of each; at fractions of it, requests do not wait for each other.
import { measureSubject } from './measure.ts';
import type { Bench, Report } from './report.ts';
import { withServers } from './servers.ts';
import { chosen, type Figures, inTurn, median, type Subject } from './subject.ts';
import { limitSubjects } from './subjects/limits.ts';
import { ourSubjects } from './subjects/ours.ts';

const ROUNDS = 3;
/** Fractions of the rate of the closed load. */
const LOADS = [0.5, 0.8];
/** A server that answers less than this share of the due requests cannot keep up. */
const KEPT_UP = 0.95;

interface OpenFigures {
  readonly closed: Figures;
  /** At each of the loads. */
  readonly open: readonly Figures[];
}

interface OpenRow {
  readonly name: string;
  readonly closedPerSecond: number;
  readonly open: readonly (Pick<Figures, 'perSecond' | 'p50' | 'p99'> & { readonly keptUp: boolean })[];
}

export function open({ bindings, options }: Bench): Promise<Report> {
  const { only, seconds, rounds = ROUNDS } = options;
  const all = [...limitSubjects(bindings), ...ourSubjects].filter(({ rate }) => rate === undefined);
  const subjects = inTurn(chosen(all, only));
  return withServers(
    subjects.map(({ server }) => server),
    bindings,
    async (get) => {
      const seen = new Map<Subject, OpenFigures[]>(subjects.map((subject) => [subject, []]));
      for (let round = 1; round <= rounds; round += 1) {
        console.error(`round ${round} of ${rounds}: ${subjects.length} subjects`);
        for (const [subject, figures] of seen) {
          const measured = (rate?: number) => measureSubject(get(subject.server), subject, { seconds, rate });
          const closed = await measured();
          const atLoads: Figures[] = [];
          for (const load of LOADS) atLoads.push(await measured(closed.perSecond * load));
          figures.push({ closed, open: atLoads });
        }
      }
      const rows = [...seen].map(([{ name }, figures]) => rowOf(name, figures));
      const all = [...seen.values()].flat().flatMap((figures) => [figures.closed, ...figures.open]);
      const hasFailed = all.some(({ failed }) => failed > 0);
      return { data: { rows }, text: tableOf(rows), failures: hasFailed ? ['some answers were not successful'] : [] };
    },
  );
}

/** Medians over the rounds, each of which has a rate of its own. */
const rowOf = (name: string, rounds: readonly OpenFigures[]): OpenRow => ({
  name,
  closedPerSecond: median(rounds.map(({ closed }) => closed.perSecond)),
  open: LOADS.map((load, index) => {
    const of = (read: (figures: Figures) => number) =>
      median(rounds.flatMap(({ open: [...atLoads] }) => atLoads[index] ?? []).map(read));
    const due = median(rounds.map(({ closed }) => closed.perSecond * load));
    const perSecond = of((figures) => figures.perSecond);
    return { perSecond, p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99), keptUp: perSecond >= KEPT_UP * due };
  }),
});

function tableOf(rows: readonly OpenRow[]): string {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  const cell = (text: string) => text.padStart(10);
  const heads = LOADS.map((load) => [`at ${load * 100} %`, 'p50 ms', 'p99 ms'].map(cell).join(''));
  const lines = rows.map(({ name, closedPerSecond, open: atLoads }) => {
    const figures = atLoads.map(({ perSecond, p50, p99, keptUp }) =>
      [`${perSecond.toFixed(0)}${keptUp ? '' : ' LATE'}`, p50.toFixed(2), p99.toFixed(2)].map(cell).join(''),
    );
    return name.padEnd(width) + cell(closedPerSecond.toFixed(0)) + figures.join('');
  });
  return [''.padEnd(width) + cell('closed/s') + heads.join(''), ...lines].join('\n');
}
