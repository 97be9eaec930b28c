// What a deploy consists of, in order. Each step finds what is there before it makes anything, so all of it can be repeated.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newKeySet } from './key-set.ts';
import { migrate, root, wrangler } from './wrangler.ts';

/** What is asked for, and what the steps learn on their way. */
export interface Deployment {
  /** Where D1's primary is to be: weur, eeur, apac, oc, wnam or enam. */
  readonly location: string;
  /** What clients know the deployment by; learnt from the deployment where it is not given. */
  origin: string | undefined;
  /** Where the Worker has no JWT_KEYS yet. */
  newKeys: string | undefined;
}

export interface Step {
  readonly title: string;
  /** What is run, or may be, as a person would type it. */
  readonly commands: readonly string[];
  /** Resolves to what it found or did. */
  run(deployment: Deployment): Promise<string>;
}

const DATABASE = /^database_name = "(.+)"$/m.exec(readFileSync(`${root}wrangler.toml`, 'utf8'))?.[1] ?? 'latchkey';

async function logInCheck(): Promise<string> {
  const answer = await wrangler(['whoami', '--json']).catch(() => undefined);
  if (!answer) throw new Error('wrangler is not logged in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN');
  return 'logged in';
}

async function findDatabase({ location }: Deployment): Promise<string> {
  const databases = JSON.parse(await wrangler(['d1', 'list', '--json'])) as { name: string }[];
  if (databases.some(({ name }) => name === DATABASE)) return 'there already';
  await wrangler(['d1', 'create', DATABASE, `--location=${location}`]);
  return `made in ${location}`;
}

async function applyMigrations(): Promise<string> {
  await migrate('--remote');
  return 'applied';
}

const KEYS_FILE = 'deployed-keys.json';
const keysFile = `${root}${KEYS_FILE}`;

/** Cloudflare's code for a Worker that does not exist, and wrangler's words for it. */
const NO_WORKER = /\b10007\b|does not exist/;

async function findKeys(deployment: Deployment): Promise<string> {
  const answer = await wrangler(['secret', 'list', '--format=json']).catch((error: Error) => {
    if (NO_WORKER.test(error.message)) return '[]';
    throw error;
  });
  const secrets = JSON.parse(answer) as { name: string }[];
  if (secrets.some(({ name }) => name === 'JWT_KEYS')) return 'set already, and left alone';
  // Cloudflare never shows a secret again, and rotating a key needs the set that it rotates.
  if (!existsSync(keysFile)) writeFileSync(keysFile, await newKeySet(), { mode: 0o600 });
  deployment.newKeys = readFileSync(keysFile, 'utf8');
  return `made, and set by the deploy; ${KEYS_FILE} is your only copy: move it to where you keep secrets`;
}

/** The ISSUER of what is deployed now; undefined where nothing is. */
async function findOrigin(deployment: Deployment): Promise<string> {
  deployment.origin ??= await deployedOrigin();
  return deployment.origin ?? 'not known yet: the deploy says it';
}

async function deployedOrigin(): Promise<string | undefined> {
  const status = await wrangler(['deployments', 'status', '--json']).catch(() => '');
  const id = /"version_id":\s*"([^"]+)"/.exec(status)?.[1];
  if (!id) return undefined;
  const version = await wrangler(['versions', 'view', id, '--json']);
  const issuer = JSON.stringify(JSON.parse(version)).match(/\{[^{}]*"name":"ISSUER"[^{}]*\}/)?.[0];
  const text = issuer && /"text":"(https:[^"]+)"/.exec(issuer)?.[1];
  if (!text) throw new Error('what is deployed does not tell its ISSUER: give it with --origin https://…');
  return text;
}

/** Tokens name their issuer, so a first deploy that does not know its origin yet is followed by one that does. */
async function deploy(deployment: Deployment): Promise<string> {
  const first = await upload(deployment.origin, deployment.newKeys);
  if (deployment.origin === undefined) {
    deployment.origin = first;
    await upload(first, undefined);
  }
  return `deployed as ${deployment.origin}`;
}

/** Deploys, and resolves to the origin that wrangler says the Worker answers at. The keys stand in a file that only its owner can read. */
async function upload(origin: string | undefined, keys: string | undefined): Promise<string | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const [secrets, output] = [join(directory, 'secrets.json'), join(directory, 'output.json')];
  try {
    if (keys) writeFileSync(secrets, JSON.stringify({ JWT_KEYS: keys }), { mode: 0o600 });
    const args = [...(origin ? [`--var=ISSUER:${origin}`] : []), ...(keys ? [`--secrets-file=${secrets}`] : [])];
    await wrangler(['deploy', ...args], { WRANGLER_OUTPUT_FILE_PATH: output, CI: 'true' });
    return /"targets":\s*\[[^\]]*?"(https:\/\/[^"/]+)/.exec(readFileSync(output, 'utf8'))?.[1];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const HEALTH_ATTEMPTS = 20;
const HEALTH_PAUSE_MS = 3000;

/** A new hostname takes a moment to be known everywhere. */
async function checkHealth({ origin }: Deployment): Promise<string> {
  for (let attempt = 1; attempt <= HEALTH_ATTEMPTS; attempt += 1) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (answer?.ok) return `${origin}/healthz answers: ${await answer.text()}`;
    await sleep(HEALTH_PAUSE_MS);
  }
  throw new Error(`${origin}/healthz did not answer 200 within a minute; \`npx wrangler tail\` shows why`);
}

export const STEPS: readonly Step[] = [
  { title: 'wrangler is logged in', commands: ['wrangler whoami --json'], run: logInCheck },
  {
    title: `the D1 database "${DATABASE}" exists`,
    commands: ['wrangler d1 list --json', `wrangler d1 create ${DATABASE} --location=LOCATION   (where it is missing)`],
    run: findDatabase,
  },
  { title: 'its migrations are applied', commands: ['wrangler d1 migrations apply DB --remote'], run: applyMigrations },
  { title: 'JWT_KEYS are set', commands: ['wrangler secret list --format=json'], run: findKeys },
  {
    title: 'the origin is known',
    commands: [
      'wrangler deployments status --json',
      'wrangler versions view VERSION --json   (where --origin is not given)',
    ],
    run: findOrigin,
  },
  {
    title: 'the Worker and its KV namespaces are deployed',
    commands: ['wrangler deploy --var=ISSUER:ORIGIN', '  with --secrets-file=FILE where JWT_KEYS were missing'],
    run: deploy,
  },
  { title: 'it answers', commands: ['GET ORIGIN/healthz'], run: checkHealth },
];
