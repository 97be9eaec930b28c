// Every request gets an answer that the OpenAPI document describes, and never a 5xx.
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApi } from '../support/document.ts';
import { BODIES, HEADER_VALUES, HEADERS, JSON_TEXTS, STRINGS } from './hostile.ts';
import { bodySchema } from './import-line.ts';
import {
  addHeader,
  broken,
  brokenBy,
  type Plan,
  type Route,
  replaceField,
  replaceParam,
  replaceQuery,
  routesOf,
  SEGMENTS,
  valid,
} from './plan.ts';
import { counts, faultOf, sendPlan } from './world.ts';

/** FUZZ_RUNS is requests a route; the short form, which `npm test` runs, is always the same. */
const RUNS = Number(env.FUZZ_RUNS || 4);
const SEED = Number(env.FUZZ_SEED || 20_261_120);
/** The long form tries the whole corpus, and the short one a regular sample of it. */
const STRIDE = env.FUZZ_RUNS ? 1 : 31;

const document = await openApi();
const routes = routesOf(document);
const { components } = document;
const succeeded = new Set<Route>();

async function tried(route: Route, plan: Plan): Promise<void> {
  const answer = await sendPlan(plan);
  if (answer.status < 400) succeeded.add(route);
  expect(faultOf(answer), `${plan.method} ${plan.path}`).toBeUndefined();
}

/** The requests tried so far. */
const figures = (): string => {
  const statuses = [...counts.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  const what = `${counts.requests} requests to ${routes.length} routes, seed ${SEED}, ${counts.accounts} accounts`;
  return `${what}; ${statuses.join(', ')}`;
};

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  it('accepts the requests that it documents', { timeout: 600_000 }, async () => {
    const property = fc.asyncProperty(valid(route, components), (plan) => tried(route, plan));
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    if (!succeeded.has(route)) await fc.assert(property, { numRuns: 300, seed: SEED + 1, endOnFailure: true });
    expect(succeeded.has(route), 'a valid request was taken').toBe(true);
  });

  it('refuses all others in documented words', { timeout: 600_000 }, async () => {
    const property = fc.asyncProperty(broken(route, components), (plan) => tried(route, plan));
    await fc.assert(property, { numRuns: 2 * RUNS, seed: SEED, endOnFailure: true });
  });
});

/** Every hostile value in every place of every route. */
function* corpus(): Generator<readonly [Route, Parameters<typeof brokenBy>[2]]> {
  for (const route of routes) {
    const { path, operation } = route;
    const [body] = Object.entries(operation.requestBody?.content ?? {});
    const fields = body && bodySchema(...body);
    const places = fields ? Math.max(1, Object.keys(fields.properties ?? {}).length) : 0;
    for (let at = 0; at < places; at += 1) {
      for (const text of [...STRINGS.map((string) => JSON.stringify(string)), ...JSON_TEXTS])
        yield [route, replaceField(at, text)];
    }
    if (fields) for (const whole of BODIES) yield [route, (parts) => ({ ...parts, whole })];
    const params = path.split('{').length - 1;
    for (let at = 0; at < params; at += 1) for (const segment of SEGMENTS) yield [route, replaceParam(at, segment)];
    const queries = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').length;
    for (let at = 0; at < queries; at += 1) for (const text of STRINGS) yield [route, replaceQuery(at, text)];
  }
  for (const [index, route] of routes.entries()) {
    for (const [at, name] of HEADERS.entries()) {
      for (const [turn, value] of HEADER_VALUES.entries())
        if ((index + at + turn) % 7 === 0) yield [route, addHeader(name, value)];
    }
  }
}

describe('the corpus', () => {
  it('is refused, or taken, in every field, parameter and header', { timeout: 3_600_000 }, async ({ annotate }) => {
    let number = 0;
    const faults: string[] = [];
    for (const [route, change] of corpus()) {
      number += 1;
      if (number % STRIDE !== 0) continue;
      const [plan] = fc.sample(brokenBy(route, components, change), { numRuns: 1, seed: SEED + number });
      if (plan)
        await tried(route, plan).catch((error: Error) =>
          faults.push(`${plan.method} ${plan.path}: ${error.stack ?? error.message}`.slice(0, 1000)),
        );
    }
    expect(faults).toEqual([]);
    expect(number).toBeGreaterThan(1000);
    await annotate(figures());
  });
});
