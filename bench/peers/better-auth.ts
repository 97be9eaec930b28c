// better-auth on the same workerd and D1, set up as its documentation says; `PEER` chooses a deviation from that.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';

interface PeerEnv {
  readonly DB: D1Database;
  readonly PEER: 'peer' | 'peer-cached' | 'peer-scripted';
}

// better-auth's hash on workerd before 1.7; since then its "workerd" export is the runtime's own scrypt.
const COST = { N: 16_384, r: 16, p: 1, dkLen: 64, maxmem: 64 * 1024 * 1024 };
const scriptedScrypt = {
  async hash(password: string) {
    const salt = randomBytes(16).toString('hex');
    return `${salt}:${Buffer.from(await scryptAsync(password.normalize('NFKC'), salt, COST)).toString('hex')}`;
  },
  async verify({ hash, password }: { hash: string; password: string }) {
    const [salt = '', key = ''] = hash.split(':');
    return timingSafeEqual(await scryptAsync(password.normalize('NFKC'), salt, COST), Buffer.from(key, 'hex'));
  },
};

const optionsFor = ({ DB, PEER }: PeerEnv) => ({
  database: DB,
  baseURL: 'http://localhost:8787',
  secret: 'a secret for the benchmark alone, of 32 and more characters',
  emailAndPassword: { enabled: true, ...(PEER === 'peer-scripted' ? { password: scriptedScrypt } : {}) },
  session: { cookieCache: { enabled: PEER === 'peer-cached', maxAge: 5 * 60 } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
});

let auth: { handler(request: Request): Promise<Response> } | undefined;

export default {
  async fetch(request: Request, env: PeerEnv): Promise<Response> {
    if (new URL(request.url).pathname === '/migrate') {
      await (await getMigrations(optionsFor(env))).runMigrations();
      return Response.json({});
    }
    auth ??= betterAuth(optionsFor(env));
    return auth.handler(request);
  },
};
