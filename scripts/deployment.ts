// The steps of a deploy, in order. Each looks for existing resources before it makes any, so a deploy can be repeated.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHealth, checkLogIn, checkMail } from './deployment-checks.ts';
import { newKeySet, SECRET_NAMES, type Secrets } from './key-set.ts';
import { migrate, root, wrangler } from './wrangler.ts';

/** The options of a deploy, and the facts that its steps find. */
export interface Deployment {
  /** Where D1's primary is to be: weur, eeur, apac, oc, wnam or enam. */
  readonly location: string;
  /** The origin that clients use; taken from the deployment where it is not given. */
  origin: string | undefined;
  /** The secrets that the Worker does not have yet. */
  newSecrets: Partial<Secrets>;
}

export interface Step {
  readonly title: string;
  /** Its commands, as a person would type them. */
  readonly commands: readonly string[];
  /** Resolves to a description of what it found or did. */
  run(deployment: Deployment): Promise<string>;
}

const DATABASE = /^database_name = "(.+)"$/m.exec(readFileSync(`${root}wrangler.toml`, 'utf8'))?.[1] ?? 'latchkey';

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

const SECRETS_FILE = 'deployed-secrets.json';
const secretsFile = `${root}${SECRETS_FILE}`;

/** Cloudflare's code for a Worker that does not exist, and wrangler's words for it. */
const NO_WORKER = /\b10007\b|does not exist/;

async function findSecrets(deployment: Deployment): Promise<string> {
  const answer = await wrangler(['secret', 'list', '--format=json']).catch((error: Error) => {
    if (NO_WORKER.test(error.message)) return '[]';
    throw error;
  });
  const set = (JSON.parse(answer) as { name: string }[]).map(({ name }) => name);
  const missing = SECRET_NAMES.filter((name) => !set.includes(name));
  if (missing.length === 0) return 'already set, unchanged';
  // Cloudflare never shows a secret again, and rotating a key needs the set that it rotates.
  const stored: Partial<Secrets> = existsSync(secretsFile) ? JSON.parse(readFileSync(secretsFile, 'utf8')) : {};
  const made = await Promise.all(missing.map(async (name) => [name, stored[name] ?? (await newKeySet(name))] as const));
  deployment.newSecrets = Object.fromEntries(made);
  writeFileSync(secretsFile, JSON.stringify({ ...stored, ...deployment.newSecrets }), { mode: 0o600 });
  return `${missing.join(' and ')} made; ${SECRETS_FILE} is your only copy: move it to where you keep secrets`;
}

/** The ISSUER of the current deployment; undefined where there is none. */
async function findOrigin(deployment: Deployment): Promise<string> {
  deployment.origin ??= await deployedOrigin();
  return deployment.origin ?? 'not known yet: the deploy will show it';
}

async function deployedOrigin(): Promise<string | undefined> {
  const status = await wrangler(['deployments', 'status', '--json']).catch(() => '');
  const id = /"version_id":\s*"([^"]+)"/.exec(status)?.[1];
  if (!id) return undefined;
  const version = await wrangler(['versions', 'view', id, '--json']);
  const issuer = JSON.stringify(JSON.parse(version)).match(/\{[^{}]*"name":"ISSUER"[^{}]*\}/)?.[0];
  const text = issuer && /"text":"(https:[^"]+)"/.exec(issuer)?.[1];
  if (!text) throw new Error('the deployed Worker does not show its ISSUER: give it with --origin https://…');
  return text;
}

/** Tokens name their issuer, so a first deploy that does not know its origin yet is followed by one that does. */
async function deploy(deployment: Deployment): Promise<string> {
  const first = await upload(deployment.origin, deployment.newSecrets);
  if (deployment.origin === undefined) {
    deployment.origin = first;
    await upload(first, {});
  }
  return `deployed as ${deployment.origin}`;
}

/** Deploys, and resolves to the Worker's origin. New secrets are passed in a file that only its owner can read. */
async function upload(origin: string | undefined, newSecrets: Partial<Secrets>): Promise<string | undefined> {
  const directory = mkdtempSync(join(tmpdir(), 'latchkey-'));
  const [secrets, output] = [join(directory, 'secrets.json'), join(directory, 'output.json')];
  try {
    const isNew = Object.keys(newSecrets).length > 0;
    if (isNew) writeFileSync(secrets, JSON.stringify(newSecrets), { mode: 0o600 });
    const args = [...(origin ? [`--var=ISSUER:${origin}`] : []), ...(isNew ? [`--secrets-file=${secrets}`] : [])];
    await wrangler(['deploy', ...args], { WRANGLER_OUTPUT_FILE_PATH: output, CI: 'true' });
    return /"targets":\s*\[[^\]]*?"(https:\/\/[^"/]+)/.exec(readFileSync(output, 'utf8'))?.[1];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export const STEPS: readonly Step[] = [
  { title: 'wrangler is logged in', commands: ['wrangler whoami --json'], run: checkLogIn },
  {
    title: `the D1 database "${DATABASE}" exists`,
    commands: ['wrangler d1 list --json', `wrangler d1 create ${DATABASE} --location=LOCATION   (where it is missing)`],
    run: findDatabase,
  },
  { title: 'its migrations are applied', commands: ['wrangler d1 migrations apply DB --remote'], run: applyMigrations },
  { title: 'JWT_KEYS and SECRET_KEYS are set', commands: ['wrangler secret list --format=json'], run: findSecrets },
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
    commands: ['wrangler deploy --var=ISSUER:ORIGIN', '  with --secrets-file=FILE where secrets were missing'],
    run: deploy,
  },
  {
    title: 'mail',
    commands: ['wrangler secret list --format=json   (where MAIL_API_URL is set)'],
    run: checkMail,
  },
  { title: 'it answers', commands: ['GET ORIGIN/healthz'], run: checkHealth },
];
