// Three ways to store accounts and sessions, and the load on each of their stores.
import { type Cost, LIMITS, OPERATIONS, type Operation } from './costs.ts';
import type { Rates } from './load.ts';

/** The path of an operation: round trips to the far primary and to near stores, and the work of a store's thread. */
export interface Route {
  readonly far: number;
  readonly near: number;
  readonly databaseMs: number;
  readonly objectRequests: number;
}

export interface Design {
  readonly name: string;
  /** D1 databases, at a number of accounts. */
  databases(accounts: number): number;
  readonly routes: Readonly<Record<Operation, Route>>;
  /** The part of the bytes of an account that is in D1; the rest is in its own object. */
  readonly inD1: number;
}

const ACCOUNTS_PER_DATABASE = 1_000_000;
const { login, refresh }: Readonly<Record<Operation, Cost>> = OPERATIONS;
const inD1 = (far: number, databaseMs: number): Route => ({ far, near: 0, databaseMs, objectRequests: 0 });
const call: Route = { far: 0, near: 1, databaseMs: 0, objectRequests: 0 };

export const DESIGNS: readonly Design[] = [
  {
    name: 'one D1',
    databases: () => 1,
    routes: { login: inD1(2, login.primaryMs), refresh: inD1(1, refresh.primaryMs), call },
    inD1: 1,
  },
  {
    name: 'N × D1, by account',
    databases: (accounts) => Math.ceil(accounts / ACCOUNTS_PER_DATABASE),
    // The account of a name is found in a directory first; a refresh token names its database.
    routes: { login: inD1(3, login.primaryMs + 0.5), refresh: inD1(1, refresh.primaryMs), call },
    inD1: 1,
  },
  {
    name: 'one object per account, D1 as directory',
    databases: () => 1,
    // The object lives where its account was made, which is where its owner mostly is.
    routes: {
      login: { far: 1, near: 1, databaseMs: 0.5, objectRequests: 2 },
      refresh: { far: 0, near: 1, databaseMs: 0, objectRequests: 1 },
      call: { far: 0, near: 1, databaseMs: 0, objectRequests: 1 },
    },
    inD1: 0.2,
  },
];

/** Milliseconds of work that one database gets in a second. */
export const workPerSecond = ({ routes, databases }: Design, rates: Rates, accounts: number): number =>
  (['login', 'refresh', 'call'] as const).reduce((sum, name) => sum + rates[name] * routes[name].databaseMs, 0) /
  databases(accounts);

/** Which limit breaks first as accounts grow, and at how many of them. */
export function breaksAt(design: Design, bytesPerAccount: number, peakWork: (accounts: number) => number): string {
  for (let accounts = 1e4; accounts <= 1e9; accounts *= 1.05) {
    const databases = design.databases(accounts);
    if ((accounts * bytesPerAccount * design.inD1) / databases > LIMITS.databaseBytes)
      return `${millions(accounts)}: a database is full (10 GB)`;
    if (peakWork(accounts) > LIMITS.busy * 1000)
      return `${millions(accounts)}: its thread is ${LIMITS.busy * 100} % busy at the peak`;
  }
  return 'nothing below 1 000 million';
}

const millions = (accounts: number): string => `${(accounts / 1e6).toFixed(accounts < 1e7 ? 1 : 0)} million`;
