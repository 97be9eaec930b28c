// `npm run bench`: requests a second, latency and CPU of each operation beside the runtime's limits and a peer.
import { measureSubject } from './measure.ts';
import type { Bench, Report } from './report.ts';
import { withServers } from './servers.ts';
import { chosen, type Figures, inTurn } from './subject.ts';
import { limitSubjects } from './subjects/limits.ts';
import { ourSubjects } from './subjects/ours.ts';
import { peerSubjects } from './subjects/peer.ts';
import { rowsOf, tableOf } from './table.ts';

const ROUNDS = 3;

export function rates({ bindings, options }: Bench): Promise<Report> {
  const { only, seconds, rounds = ROUNDS } = options;
  const subjects = chosen([...limitSubjects(bindings), ...ourSubjects, ...peerSubjects], only);
  return withServers(
    subjects.map(({ server }) => server),
    bindings,
    async (get) => {
      const seen: ReadonlyMap<string, Figures>[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        console.error(`round ${round} of ${rounds}: ${subjects.length} subjects`);
        const figures = new Map<string, Figures>();
        for (const subject of inTurn(subjects))
          figures.set(subject.name, await measureSubject(get(subject.server), subject, { seconds }));
        seen.push(figures);
      }
      const rows = rowsOf(subjects, seen);
      const hasFailed = rows.some(({ failed }) => failed > 0);
      return {
        data: { rows, rounds: seen.map((round) => Object.fromEntries(round)) },
        text: tableOf(rows),
        failures: hasFailed ? ['some answers were not successful'] : [],
      };
    },
  );
}
