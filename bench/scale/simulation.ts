// `npm run bench -- --scale`: the load on each store, the limit that breaks first, the price, and how long people wait.
import { randomFrom } from '../random.ts';
import type { Report } from '../report.ts';
import {
  BYTES_PER_ACCOUNT,
  BYTES_PER_TOKEN,
  NEAR_MS,
  OPERATIONS,
  PLAN,
  PRICES,
  ROUND_TRIPS,
  STORAGE_PRICES,
} from './costs.ts';
import { breaksAt, DESIGNS, type Design, workPerSecond } from './designs.ts';
import { DAY_CURVE, everybodyPerSecond, hourOf, monthOf, PEOPLE, type People, queueFor, type Rates } from './load.ts';

const SEED = 20261121;
const SIZES = [1e5, 1e6, 1e7, 1e8];
const PEAK_HOUR = DAY_CURVE.indexOf(Math.max(...DAY_CURVE));
const NAMES = ['login', 'refresh', 'call'] as const;

interface ScaleRow {
  readonly design: string;
  readonly accounts: number;
  readonly databases: number;
  /** Rates of one database, at the peak of the day. */
  readonly loginsPerSecond: number;
  readonly refreshesPerSecond: number;
  readonly kvWritesPerSecond: number;
  /** The part of its time in which a database works, above 1 if it cannot keep up. */
  readonly busy: number;
  readonly gigabytes: number;
  /** The hour in which everybody logs in again: how busy, how long a login queues, when the queue is empty again. */
  readonly againBusy: number;
  readonly againP95Ms: number;
  readonly againDrainedAfterSeconds: number;
  readonly dollars: number;
}

export function scale(): Report {
  const rows = scaleRows();
  return { data: { rows }, text: tablesOf(rows), failures: [] };
}

const peopleOf = (accounts: number): People => ({ accounts, ...PEOPLE });

const scaleRows = (): readonly ScaleRow[] =>
  DESIGNS.flatMap((design) => SIZES.map((accounts) => rowOf(design, accounts)));

function rowOf(design: Design, accounts: number): ScaleRow {
  const people = peopleOf(accounts);
  const databases = design.databases(accounts);
  const peak = hourOf(people, PEAK_HOUR);
  const logins = everybodyPerSecond(people);
  const again = workPerSecond(design, { login: logins, refresh: peak.refresh, call: 0 }, accounts);
  const perDatabase = (logins + peak.refresh) / databases;
  const queue = queueFor(perDatabase, again / perDatabase, randomFrom(SEED));
  return {
    design: design.name,
    accounts,
    databases,
    loginsPerSecond: peak.login / databases,
    refreshesPerSecond: design.routes.refresh.databaseMs > 0 ? peak.refresh / databases : 0,
    kvWritesPerSecond: peak.login + peak.refresh,
    busy: workPerSecond(design, peak, accounts) / 1000,
    gigabytes: (accounts * BYTES_PER_ACCOUNT * design.inD1) / databases / 1e9,
    againBusy: again / 1000,
    againP95Ms: queue.p95,
    againDrainedAfterSeconds: queue.drainedAfter,
    dollars: dollarsOf(design, people),
  };
}

const beyond = ({ included, perMillion }: { readonly included: number; readonly perMillion: number }, used: number) =>
  (Math.max(0, used - included) / 1e6) * perMillion;

/** Logs, which may be sampled, are left out. */
function dollarsOf(design: Design, people: People): number {
  const month = monthOf(people);
  const sum = (of: (name: keyof Rates) => number) => NAMES.reduce((total, name) => total + month[name] * of(name), 0);
  const objects = sum((name) => design.routes[name].objectRequests);
  const bytes = people.accounts * BYTES_PER_ACCOUNT;
  const tokens = month.refresh * BYTES_PER_TOKEN;
  return (
    PLAN +
    beyond(
      PRICES.requests,
      sum(() => 1),
    ) +
    beyond(
      PRICES.cpuMs,
      sum((name) => OPERATIONS[name].cpuMs),
    ) +
    beyond(
      PRICES.rowsRead,
      sum((name) => OPERATIONS[name].rowsRead),
    ) +
    beyond(
      PRICES.rowsWritten,
      sum((name) => OPERATIONS[name].rowsWritten),
    ) +
    beyond(
      PRICES.kvWrites,
      sum((name) => OPERATIONS[name].kvWrites),
    ) +
    beyond(PRICES.objectRequests, objects) +
    beyond(PRICES.objectDuration, objects * 0.01 * 0.128) +
    ((bytes * design.inD1) / 1e9) * STORAGE_PRICES.d1 +
    ((bytes * (1 - design.inD1)) / 1e9) * STORAGE_PRICES.object +
    (tokens / 1e9) * STORAGE_PRICES.kv
  );
}

const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });

function waits({ name, routes }: Design): string {
  const of = (operation: keyof Rates) =>
    Object.values(ROUND_TRIPS).map((ms) => whole(routes[operation].far * ms + routes[operation].near * NEAR_MS));
  return `| ${name} | ${of('login').join(' / ')} | ${of('refresh').join(' / ')} | ${of('call').join(' / ')} |`;
}

/** Markdown, as docs/scale.md has it. */
function tablesOf(rows: readonly ScaleRow[]): string {
  const lines = rows.map((row) =>
    [
      row.design,
      whole(row.accounts),
      whole(row.databases),
      whole(row.loginsPerSecond),
      whole(row.refreshesPerSecond),
      whole(row.kvWritesPerSecond),
      `${whole(row.busy * 100)} %`,
      `${whole(row.gigabytes)} GB`,
      `${whole(row.againBusy * 100)} %`,
      row.againDrainedAfterSeconds > 0
        ? `${whole(row.againDrainedAfterSeconds / 60)} min behind`
        : `${whole(row.againP95Ms)} ms`,
      `$${whole(row.dollars)}`,
    ].join(' | '),
  );
  const head =
    '| design | accounts | databases | logins/s of one | refreshes/s of one | KV writes/s | busy | size of one ' +
    '| all again: busy | queues (p95) | a month |';
  const first = DESIGNS.map((design) => {
    const work = (accounts: number) => workPerSecond(design, hourOf(peopleOf(accounts), PEAK_HOUR), accounts);
    return `| ${design.name} | ${breaksAt(design, BYTES_PER_ACCOUNT, work)} |`;
  });
  return [
    head,
    `|${' --- |'.repeat(11)}`,
    ...lines.map((line) => `| ${line} |`),
    '',
    '| design | breaks first at |',
    '| --- | --- |',
    ...first,
    '',
    `| design | login, ms from ${Object.keys(ROUND_TRIPS).join(' / ')} | refresh | call |`,
    '| --- | --- | --- | --- |',
    ...DESIGNS.map(waits),
  ].join('\n');
}
