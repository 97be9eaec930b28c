// The overview: counts, sign-ins per day, the health of the stores, the latest events.
import type { FC } from 'hono/jsx';
import { type Counts, MAX_COUNTED } from '../../domain/maintenance/statistics.ts';
import type { Api } from '../context.ts';
import { Badge } from '../pages/components.tsx';
import { SignInChart } from './chart.tsx';
import { EventTable, namedEvents } from './events.tsx';
import { respondPage } from './layout.tsx';
import { pagesIn } from './pages.ts';

const LATEST = 8;

export function overviewPage(api: Api): void {
  pagesIn(api).get('/admin', async ({ c, signedIn, ports, audit }) => {
    const [statistics, trail, { d1, kv }] = await Promise.all([
      ports.statistics.current(audit.now),
      ports.auditTrail.page({}, undefined, LATEST),
      ports.health.current(audit.now),
    ]);
    const latest = await namedEvents(ports, trail.items);
    return respondPage(
      c,
      { title: 'Overview', section: 'Overview', signedIn },
      <>
        <h1>Overview</h1>
        <Tally counts={statistics.counts} />
        <h2>Sign-ins per day</h2>
        <SignInChart days={statistics.days} completeSince={statistics.completeSince} />
        <h2>Stores</h2>
        <p class="stores">
          D1 <Answers ok={d1} /> KV <Answers ok={kv} />
        </p>
        <h2>Latest events</h2>
        <EventTable {...latest} />
        <p class="links">
          <a href="/admin/audit">The whole audit trail</a>
        </p>
      </>,
    );
  });
}

const Tally: FC<{ counts: Counts }> = ({ counts }) => (
  <dl class="tally">
    <Count of={counts.accounts} label="accounts" href="/admin/users" />
    <Count of={counts.admins} label="active admins" href="/admin/users?role=admin&active=true" />
    <Count of={counts.liveSessions} isLeast={counts.hasUnseenSessions} label="live sessions" />
    <Count of={counts.entities} label="entities" href="/admin/entities" />
  </dl>
);

const Count: FC<{ of: number; isLeast?: boolean; label: string; href?: string }> = ({ of, isLeast, label, href }) => (
  <div>
    <dt>{href ? <a href={href}>{label}</a> : label}</dt>
    <dd>
      {Math.min(of, MAX_COUNTED).toLocaleString('en')}
      {(isLeast || of > MAX_COUNTED) && '+'}
    </dd>
  </div>
);

const Answers: FC<{ ok: boolean }> = ({ ok }) =>
  ok ? <Badge tone="good">answers</Badge> : <Badge tone="bad">does not answer</Badge>;
