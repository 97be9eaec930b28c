// Sign-ins per day as a bar chart, with the same numbers in a table for screen readers.
import type { FC } from 'hono/jsx';
import {
  CHART_DAYS,
  type CurrentStatistics,
  type DayOfSignIns,
  MAX_SIGN_INS_COUNTED,
} from '../../domain/maintenance/statistics.ts';
import { timestamp } from '../shapes/fields.ts';

const WIDTH = 600;
const HEIGHT = 120;
const SLOT = WIDTH / CHART_DAYS;
const GAP = 4;
/** Heights that keep a day with few sign-ins visible, and mark a day with none on the base line. */
const LEAST = 3;
const GROUND = 1;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const dateOf = (day: number): string => {
  const date = new Date(day);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
};

export const SignInChart: FC<Pick<CurrentStatistics, 'days' | 'completeSince'>> = ({ days, completeSince }) => {
  const most = Math.max(...days.map(({ signIns }) => signIns));
  const total = days.reduce((sum, { signIns }) => sum + signIns, 0);
  const label = `${total} sign-ins in ${CHART_DAYS} days, at most ${most} in a day.`;
  const [first, last] = [days[0], days.at(-1)];
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        {days.map((day, index) => (
          <Bar day={day} most={most} x={index * SLOT + GAP / 2} partial={day.day < completeSince} />
        ))}
      </svg>
      <figcaption>
        <span>{first && dateOf(first.day)}</span>
        <span>{label}</span>
        <span>{last && `${dateOf(last.day)}, today`}</span>
      </figcaption>
      {first && completeSince > first.day && (
        <p class="fine">
          Only the last {MAX_SIGN_INS_COUNTED.toLocaleString('en')} sign-ins are counted: days before{' '}
          {dateOf(completeSince)} had more than is shown.
        </p>
      )}
      <details>
        <summary>The numbers</summary>
        <table class="narrow">
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col">Sign-ins</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, signIns }) => (
              <tr>
                <td>{timestamp(day).slice(0, 10)}</td>
                <td class="number">{signIns}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
};

const Bar: FC<{ day: DayOfSignIns; most: number; x: number; partial: boolean }> = ({
  day: { day, signIns },
  most,
  x,
  partial,
}) => {
  const height = signIns === 0 ? GROUND : Math.max(LEAST, (signIns / most) * (HEIGHT - 4));
  return (
    <rect
      x={x}
      y={HEIGHT - height}
      width={SLOT - GAP}
      height={height}
      class={signIns === 0 ? 'none' : partial ? 'partial' : undefined}
    >
      <title>{`${dateOf(day)}: ${signIns}`}</title>
    </rect>
  );
};
