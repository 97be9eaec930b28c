// An admin's session with a Latchkey, here or anywhere: signs in, sends with retries, and signs out.
import { setTimeout as sleep } from 'node:timers/promises';
import { password as askSecretly, isCancel, text } from '@clack/prompts';

export interface AdminSession {
  /** Sends until there is a definite answer, and retries while the server is away, busy or failing. */
  send(path: string, init?: RequestInit): Promise<Response>;
  signOut(): Promise<void>;
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Five minutes in all. */
const WAITS_MS = [250, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000];

/** Throws for an address over which a password would be readable on its way. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) throw new Error(`--url is the origin of a Latchkey, such as https://auth.example.com`);
  const { protocol, hostname, origin } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'https:' && !isLocal) throw new Error('a password is sent over https only, or to this machine');
  return origin;
}

/** Signs in as the admin of LATCHKEY_ADMIN_EMAIL and LATCHKEY_ADMIN_PASSWORD, or as the person at the terminal. */
export async function signIn(origin: string): Promise<AdminSession> {
  const credentials = {
    email: process.env.LATCHKEY_ADMIN_EMAIL || (await ask('Email of an admin', text)),
    password: process.env.LATCHKEY_ADMIN_PASSWORD || (await ask('Password', askSecretly)),
  };
  let token = await tokenFor(origin, credentials);
  const sent = (path: string, init: RequestInit) =>
    patiently(() => fetch(origin + path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }));
  return {
    async send(path, init = {}) {
      const response = await sent(path, init);
      if (!(await asksAgain(response))) return response;
      token = await tokenFor(origin, credentials);
      return sent(path, init);
    },
    async signOut() {
      const response = await sent('/auth', { method: 'DELETE' });
      await response.body?.cancel();
    },
  };
}

/** Whether the session has ended, or its credentials are too old for this call. */
async function asksAgain(response: Response): Promise<boolean> {
  if (response.status !== 401 && response.status !== 403) return false;
  const { code } = (await response.clone().json()) as { code?: string };
  return code?.startsWith('token_') === true || code === 'reauthentication_required';
}

async function tokenFor(origin: string, credentials: Credentials, otp?: string): Promise<string> {
  const response = await patiently(() =>
    fetch(`${origin}/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...credentials, ...(otp === undefined ? {} : { otp }) }),
    }),
  );
  const answer = (await response.json()) as { access_token?: string; code?: string; detail?: string };
  if (answer.access_token) return answer.access_token;
  if (answer.code === 'second_factor_required' && otp === undefined)
    return tokenFor(origin, credentials, codeGiven() ?? (await ask('Code of your authenticator app', text)));
  throw new Error(`signing in at ${origin}: ${answer.detail ?? response.status}`);
}

/** The code of LATCHKEY_ADMIN_OTP, which works once; later ones are asked for. */
function codeGiven(): string | undefined {
  const { LATCHKEY_ADMIN_OTP: code } = process.env;
  delete process.env.LATCHKEY_ADMIN_OTP;
  return code || undefined;
}

async function ask(message: string, prompt: typeof text | typeof askSecretly): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error('set LATCHKEY_ADMIN_EMAIL, LATCHKEY_ADMIN_PASSWORD and, with a second factor, LATCHKEY_ADMIN_OTP');
  // On stderr, since stdout may be a file.
  const answer = await prompt({ message, output: process.stderr });
  if (isCancel(answer)) throw new Error('cancelled');
  return answer;
}

/** Repeats a call that is safe to repeat. */
async function patiently(call: () => Promise<Response>): Promise<Response> {
  for (const wait of WAITS_MS) {
    const response = await call().catch(() => undefined);
    if (response && response.status < 500 && response.status !== 429) return response;
    await response?.body?.cancel();
    const seconds = Number(response?.headers.get('Retry-After'));
    await sleep(Math.max(wait, seconds > 0 ? seconds * 1000 : 0));
  }
  return call();
}
