// What Cloudflare itself records of a request has no path and no query: paths hold names, and queries hold tokens of
// mailed links.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';

/** The values under a heading of wrangler.toml. */
function section(heading: string): Readonly<Record<string, string>> {
  const [, body = ''] = readFileSync(`${root}wrangler.toml`, 'utf8').split(`\n[${heading}]\n`);
  const lines = body.split(/^\[/m)[0]?.matchAll(/^(\w+) = (.*)$/gm) ?? [];
  return Object.fromEntries([...lines].map(([, key = '', value = '']) => [key, value]));
}

it('no trace is recorded, no line of Cloudflare’s own for each invocation, and no query', () => {
  expect(section('observability.traces')).toEqual({ enabled: 'false' });
  expect(section('observability.logs')).toMatchObject({ invocation_logs: 'false' });
  expect(section('observability')).toMatchObject({ redact_query_string: 'true' });
});
