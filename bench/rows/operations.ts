// The operations that must cost the same however many rows there are.
import type { Shot, Subject } from '../subject.ts';
import { bearer, call, type Pair } from '../subjects/client.ts';
import { CONNECTIONS } from '../subjects/limits.ts';
import { ourSubjects } from '../subjects/ours.ts';
import { ADMIN } from './fill.ts';

const OURS = [
  'POST /api/register',
  'POST /api/login',
  'POST /api/refresh',
  'GET /api/me',
  'GET /entities/{id}, token',
  'GET /entities?limit=20, token',
  'POST /entities',
];

/** Names start with `crowd`, so each search has as many names with its prefix as there are accounts, but the last. */
const ADMIN_QUERIES = [
  '/api/admin/users?limit=20',
  '/api/admin/users?role=admin',
  '/api/admin/users?active=false',
  '/api/admin/users?role=user&active=true',
  '/api/admin/users?q=crowd',
  '/api/admin/users?q=crowd&role=admin',
  '/api/admin/users?q=crowd&active=false',
  '/api/admin/users?q=nobody',
  '/api/admin/audit?limit=20',
];
/** Pages that a reader has turned. */
const PAGES = 5;

async function asAdmin(origin: string, path: string): Promise<Shot> {
  const { body } = await call<Pair>(`${origin}/api/login`, ADMIN);
  return { method: 'GET', path, senders: [{ headers: bearer(body.access_token) }] };
}

async function laterPage(origin: string): Promise<Shot> {
  const path = '/api/admin/users?limit=100';
  const first = await asAdmin(origin, path);
  let cursor = '';
  for (let page = 0; page < PAGES; page += 1) {
    const { body } = await call<{ next_cursor: string }>(
      origin + path + cursor,
      undefined,
      first.senders?.[0]?.headers,
    );
    cursor = `&cursor=${body.next_cursor}`;
  }
  return { ...first, path: path + cursor };
}

const reading = (name: string, shot: Subject['shot']): Subject => ({
  name,
  server: 'ours',
  connections: CONNECTIONS,
  shot,
});

export const growingSubjects: readonly Subject[] = [
  ...ourSubjects.filter(({ name }) => OURS.includes(name)),
  ...ADMIN_QUERIES.map((path) => reading(`GET ${path}`, (origin) => asAdmin(origin, path))),
  reading('GET /api/admin/users?limit=100, a later page', laterPage),
];
