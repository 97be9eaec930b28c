// The overview: how many there are, who signs in, whether the stores answer, what happened last.
import type { FC } from 'hono/jsx';
import { COUNTED_TO, type Counts } from '../../domain/maintenance/statistics.ts';
import type { Api } from '../context.ts';
import { SignInChart } from './chart.tsx';
import { Badge } from './components.tsx';
import { EventTable, namedEvents } from './events.tsx';
import { say } from './layout.tsx';
import { pagesIn } from './pages.ts';

const LATEST = 8;

export function overviewPage(api: Api): void {
  pagesIn(api).show('/admin', async ({ c, signedIn, ports, now }) => {
    const [glance, trail, d1, kv] = await Promise.all([
      ports.overview.glance(now),
      ports.auditTrail.page({}, undefined, LATEST),
      ports.health.d1(),
      ports.health.kv(),
    ]);
    const latest = await namedEvents(ports, trail.items);
    return say(
      c,
      { title: 'Overview', place: 'Overview', signedIn },
      <>
        <h1>Overview</h1>
        <Tally counts={glance.counts} />
        <h2>Sign-ins per day</h2>
        <SignInChart days={glance.days} wholeSince={glance.wholeSince} />
        <h2>Stores</h2>
        <p class="stores">
          D1 <Answers ok={d1} /> KV <Answers ok={kv} />
        </p>
        <h2>Latest events</h2>
        <EventTable {...latest} />
        <p class="ways">
          <a href="/admin/audit">The whole audit trail</a>
        </p>
      </>,
    );
  });
}

const Tally: FC<{ counts: Counts }> = ({ counts }) => (
  <dl class="tally">
    <Count of={counts.accounts} words="accounts" href="/admin/users" />
    <Count of={counts.admins} words="active admins" href="/admin/users?role=admin&active=true" />
    <Count of={counts.liveSessions} words="live sessions" />
    <Count of={counts.entities} words="entities" href="/admin/entities" />
  </dl>
);

const Count: FC<{ of: number; words: string; href?: string }> = ({ of: count, words, href }) => (
  <div>
    <dt>{href ? <a href={href}>{words}</a> : words}</dt>
    <dd>{count > COUNTED_TO ? `${COUNTED_TO.toLocaleString('en')}+` : count.toLocaleString('en')}</dd>
  </div>
);

const Answers: FC<{ ok: boolean }> = ({ ok }) =>
  ok ? <Badge tone="good">answers</Badge> : <Badge tone="bad">does not answer</Badge>;
