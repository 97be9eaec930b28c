// The steps of a deploy that change nothing: whether wrangler is logged in, whether mail will work, and whether the
// Worker answers.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import { root, wrangler } from './wrangler.ts';

export async function checkLogIn(): Promise<string> {
  const answer = await wrangler(['whoami', '--json']).catch(() => undefined);
  if (!answer) throw new Error('wrangler is not logged in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN');
  return 'logged in';
}

/** A variable of wrangler.toml; empty where it is missing. */
const variable = (name: string): string =>
  new RegExp(`^${name} = "(.*)"$`, 'm').exec(readFileSync(`${root}wrangler.toml`, 'utf8'))?.[1] ?? '';

/** Whether mail will work, as far as the configuration shows. */
export async function checkMail(): Promise<string> {
  const [from, url] = [variable('MAIL_FROM'), variable('MAIL_API_URL')];
  if (!from) return 'MAIL_FROM is empty, so no mail is sent: see docs/operations.md, Mail';
  if (!url) return `from ${from} through Cloudflare, once the domain of that address is onboarded for Email Sending`;
  if (!/^https:/i.test(url)) return `MAIL_API_URL is not https, so no mail is sent: ${url}`;
  const secrets = await wrangler(['secret', 'list', '--format=json']).catch(() => '[]');
  const isSet = (JSON.parse(secrets) as { name: string }[]).some(({ name }) => name === 'MAIL_API_KEY');
  return isSet
    ? `from ${from} through ${url}`
    : `MAIL_API_KEY is not set, so no mail is sent: npx wrangler secret put MAIL_API_KEY`;
}

const HEALTH_ATTEMPTS = 20;
const HEALTH_PAUSE_MS = 3000;

/** A new hostname takes a moment to be known everywhere. */
export async function checkHealth({ origin }: Pick<Deployment, 'origin'>): Promise<string> {
  for (let attempt = 1; attempt <= HEALTH_ATTEMPTS; attempt += 1) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    if (answer?.ok) return `${origin}/healthz answers: ${await answer.text()}`;
    await sleep(HEALTH_PAUSE_MS);
  }
  throw new Error(`${origin}/healthz did not answer 200 within a minute; \`npx wrangler tail\` shows why`);
}
