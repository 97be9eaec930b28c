// A Flask app that signs people in with Authlib, from Debian's packages. Where they are missing, its tests are reported
// as skipped; in CI they fail.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe } from 'vitest';
import { root } from '../../../scripts/wrangler.ts';
import { blocksOf } from '../../node/support/markdown.ts';
import { sayItIsMissing } from './chromium.ts';

const PYTHON = process.env.PYTHON || '/usr/bin/python3';
const MODULES = 'authlib, cryptography, flask, jwt, requests';

/** A `describe` whose tests start the app. */
export function describeWithFlask(title: string, tests: () => void): void {
  const isThere = spawnSync(PYTHON, ['-c', `import ${MODULES}`]).status === 0;
  if (isThere) describe(title, tests);
  else sayItIsMissing(title, `NOT RUN: ${PYTHON} has not all of ${MODULES}`);
}

export interface FlaskApp {
  readonly origin: string;
  stop(): void;
}

interface Registration {
  readonly issuer: string;
  readonly id: string;
  readonly secret: string;
}

/** Starts it as a client. It verifies access tokens with the Python code of docs/oauth.md. */
export async function startedFlaskApp({ issuer, id, secret }: Registration): Promise<FlaskApp> {
  const shown = blocksOf(readFileSync(`${root}docs/oauth.md`, 'utf8')).find(({ language }) => language === 'python');
  const code = shown?.code.replaceAll('https://id.example.com', issuer) ?? '';
  const child = spawn(PYTHON, [`${root}test/fixtures/clients/flask_app.py`, issuer, id, secret], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.write(`${JSON.stringify(code)}\n`);
  return { origin: await firstLine(child), stop: () => child.kill() };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the app has no stdout');
  const [line] = await once(createInterface({ input: stdout }), 'line');
  return line;
}
