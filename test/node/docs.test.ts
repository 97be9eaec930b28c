// What the docs name exists, and what exists is named: links, files, settings, variables, bindings, scripts and routes.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { SETTINGS } from '../../src/domain/settings/settings.ts';
import { CALLS_PER_PERIOD, PERIOD_SECONDS } from '../../src/http/operation/rate-limit.ts';
import { anchors, localLinks, pages, spans } from './support/markdown.ts';

const read = (file: string): string => readFileSync(root + file, 'utf8');
const all = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, caught = '']) => caught)),
];

const documented = pages.map(({ text }) => text).join('\n');
const readme = read('README.md');

describe('links', () => {
  it.each(pages)('of $file resolve', ({ file, text }) => {
    const broken = localLinks(text).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(root + target)) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('lead from the README to every page of docs', () => {
    const linked = pages.flatMap(({ file, text }) =>
      localLinks(text).map((link) => join(dirname(file), link.split('#')[0] ?? '')),
    );
    expect(pages.map(({ file }) => file).filter((file) => file.startsWith('docs/') && !linked.includes(file))).toEqual(
      [],
    );
  });
});

it('files that are named in code are there', () => {
  const named = pages
    .flatMap(({ text }) => spans(text))
    .flatMap((span) => all(span, /^((?:src|scripts|test|docs|drizzle|client|bench)\/[\w./-]+\.\w+)$/g));
  expect(named.filter((file) => !existsSync(root + file))).toEqual([]);
});

// Words in capitals that are neither settings nor variables of the project.
const OTHERS = new Set(['CLOUDFLARE_API_TOKEN', 'NOT_FOUND']);

// Not those of wrangler, and not those that a test passes to its own process.
const environment = all(
  globSync(['scripts/**/*.ts', 'test/**/*.ts', 'bench/*.ts', '*.config.ts'], { cwd: root }).map(read).join('\n'),
  /process\.env\.([A-Z][A-Z_]+)/g,
).filter((name) => !/^(CLOUDFLARE|WRANGLER)_|^LOCAL_(SECRETS|JOBS)$/.test(name));
const config = read('wrangler.toml');
const variables = all(config, /^([A-Z_]+) = /gm);
const bindings = all(config, /^#? ?(?:binding|name) = "([A-Z][A-Z0-9_]*)"/gm);
const secrets = all(/^required = \[(.*)\]/m.exec(config)?.[1] ?? '', /"(\w+)"/g);
const known = new Set([...Object.keys(SETTINGS), ...environment, ...variables, ...bindings, ...secrets]);

describe('names in capitals', () => {
  it('are all documented: settings, variables, secrets, bindings and what scripts read of the environment', () => {
    expect([...known].filter((name) => !documented.includes(`\`${name}`) && !documented.includes(`${name}=`))).toEqual(
      [],
    );
  });

  it('exist where they are documented', () => {
    const constants = globSync('src/**/*.{ts,tsx}', { cwd: root }).map(read).join('\n');
    const named = pages
      .flatMap(({ text }) => spans(text))
      .flatMap((span) => all(span, /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g));
    expect(named.filter((name) => !known.has(name) && !OTHERS.has(name) && !constants.includes(name))).toEqual([]);
  });

  it('of settings are in the README with their defaults', () => {
    const rows = [...readme.matchAll(/^\| +`([A-Z_]+)` +\| +([^|]*?) +\|/gm)].map(
      ([, name = '', value = '']) => [name, value.replaceAll(/(?<=\d) (?=\d)/g, '')] as const,
    );
    const shown = Object.fromEntries(
      rows.filter(([name]) => name in SETTINGS).map(([name, value]) => [name, /^\w+/.exec(value)?.[0]]),
    );
    expect(shown).toEqual(
      Object.fromEntries(Object.entries(SETTINGS).map(([name, setting]) => [name, String(setting.default) || 'none'])),
    );
  });
});

it('writes are spaced as the binding of wrangler.toml counts them', () => {
  expect(config).toContain(`simple = { limit = ${CALLS_PER_PERIOD}, period = ${PERIOD_SECONDS} }`);
});

describe('scripts', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = all(documented, /npm (?:run )?(?:-s )?(?:run )?([a-z][\w:-]*)/g);
  const NPM_S_OWN = ['ci', 'install', 'i', 'test'];

  it('of package.json are documented, but for those that npm runs by itself', () => {
    expect(Object.keys(scripts).filter((name) => name !== 'prepare' && !named.includes(name))).toEqual([]);
  });

  it('exist where they are documented', () => {
    const called = all(documented, /npm run (?:-s )?([a-z][\w:-]*)/g);
    expect(called.filter((name) => !(name in scripts) && !NPM_S_OWN.includes(name))).toEqual([]);
  });
});

it('routes that are named with their method are routes', () => {
  // document.test.ts checks that docs/calls.http has the operations of the OpenAPI document.
  const operations = [...read('docs/calls.http').matchAll(/^([A-Z]+) \{\{origin\}\}(\/[^\s?]*)/gm)].map(
    ([, method, path = '']) => ({
      method,
      path: bare(path),
    }),
  );
  const named = pages.flatMap(({ text }) => spans(text)).filter((span) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(span));
  const unknown = named.filter((span) => {
    const [method, path = ''] = span.split(' ');
    const pattern = new RegExp(
      `^${bare(path)
        .replaceAll(/\{\w+\}/g, '[^/]+')
        .replaceAll('.', '\\.')}$`,
    );
    return !operations.some((operation) => operation.method === method && pattern.test(operation.path));
  });
  expect(unknown).toEqual([]);
});

/** Without its query and its trailing slash. */
function bare(path: string): string {
  return path.split('?')[0]?.replace(/(.)\/$/, '$1') ?? '';
}
