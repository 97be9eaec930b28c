// A valid example of every write that needs a right: of each operation of the OpenAPI document, and of each form of the
// admin pages.
import { env } from 'cloudflare:workers';
import type { Answer, Sending } from './client.ts';
import { codeAt } from './codes.ts';
import { stranger } from './people.ts';
import { newAuthenticator } from './soft-authenticator.ts';
import { newThing } from './things.ts';
import { PASSWORD, type Writer } from './writers.ts';

/** The target and the contents of a write: `caller` makes it, and may act on `other` as an admin. */
export interface WriteRequest extends Pick<Sending, 'json' | 'form' | 'headers'> {
  readonly path: string;
  /** A body of one line (NDJSON). */
  readonly line?: object;
}

/** An earlier call, which must succeed: a POST with a session token of the writer. Returns the answer's body. */
export type CallAs = (writer: Writer, path: string, json?: object) => Promise<AnswerBody>;
type AnswerBody = Answer['body'];

export interface Write {
  /** The right that the caller needs: to be the account itself, or the role of an admin. */
  readonly right: 'own' | 'admin';
  readonly request: (caller: Writer, other: Writer, call: CallAs) => WriteRequest | Promise<WriteRequest>;
  /** Distinguishes it from other examples of the same operation. */
  readonly variant?: string;
  /** SQL that prepares the other account, whose id is bound to it, for the write. */
  readonly before?: string;
}

const own = (request: Write['request'], variant?: string): Write => ({
  right: 'own',
  request,
  ...(variant ? { variant } : {}),
});
const asAdmin = (request: Write['request'], variant?: string): Write => ({ ...own(request, variant), right: 'admin' });

/** An operation that its owner and admins may make. */
const ofOwnerAndAdmins = (request: (whose: Writer) => WriteRequest): readonly Write[] => [
  own((caller) => request(caller)),
  asAdmin((_, other) => request(other), 'of another account'),
];

const stamps = [
  { offset: 0, score: { home: 0, away: 0 } },
  { offset: 5, score: { home: 1, away: 0 } },
];
const passwords = { current_password: PASSWORD, new_password: 'the next secret' };

/** Sets up and confirms an authenticator app. */
async function enrol(writer: Writer, call: CallAs): Promise<void> {
  const { secret } = await call(writer, '/api/factors/totp');
  await call(writer, '/api/factors/totp/confirm', { otp: codeAt(secret, writer.now) });
}

/** A browser's response to the options of a new passkey. */
const created = async (writer: Writer, call: CallAs) =>
  newAuthenticator().create(await call(writer, '/api/passkeys/options'));

const addedPasskey = async (writer: Writer, call: CallAs): Promise<string> =>
  (await call(writer, '/api/passkeys', { credential: await created(writer, call) })).id;

const identity: Readonly<Record<string, readonly Write[]>> = {
  'POST /api/email/verification': [own(() => ({ path: '/api/email/verification' }))],
  'POST /api/factors/totp': [own(() => ({ path: '/api/factors/totp' }))],
  'POST /api/factors/totp/confirm': [
    own(async (caller, _, call) => {
      const { secret } = await call(caller, '/api/factors/totp');
      return { path: '/api/factors/totp/confirm', json: { otp: codeAt(secret, caller.now) } };
    }),
  ],
  'DELETE /api/factors/totp': [
    own(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/api/factors/totp' };
    }),
  ],
  'POST /api/factors/recovery-codes': [
    own(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/api/factors/recovery-codes' };
    }),
  ],
  'POST /api/passkeys': [
    own(async (caller, _, call) => ({
      path: '/api/passkeys',
      json: { name: 'Phone', credential: await created(caller, call) },
    })),
  ],
  'PATCH /api/passkeys/{id}': [
    own(async (caller, _, call) => ({
      path: `/api/passkeys/${await addedPasskey(caller, call)}`,
      json: { name: 'Mine' },
    })),
  ],
  'DELETE /api/passkeys/{id}': [
    own(async (caller, _, call) => ({ path: `/api/passkeys/${await addedPasskey(caller, call)}` })),
  ],
  'POST /api/reauthenticate': [own(() => ({ path: '/api/reauthenticate', json: { password: PASSWORD } }))],
  'DELETE /api/admin/users/{id}/factors': [
    asAdmin(async (_, other, call) => {
      await enrol(other, call);
      return { path: `/api/admin/users/${other.id}/factors` };
    }),
  ],
  'POST /api/admin/settings/presets/{preset}': [
    // It requires a second factor of admins, so the one who applies it needs one.
    asAdmin(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/api/admin/settings/presets/recommended' };
    }),
  ],
};

const newClient = { name: 'App', kind: 'public', redirect_uris: ['https://app.example.com/'] };

const provider: Readonly<Record<string, readonly Write[]>> = {
  'POST /api/admin/clients': [asAdmin(() => ({ path: '/api/admin/clients', json: newClient }))],
  'PATCH /api/admin/clients/{id}': [
    asAdmin(async (caller) => ({
      path: `/api/admin/clients/${await connectedApp(caller, 'confidential')}`,
      json: { name: 'B' },
    })),
  ],
  'DELETE /api/admin/clients/{id}': [
    asAdmin(async (caller) => ({ path: `/api/admin/clients/${await connectedApp(caller)}` })),
  ],
  'POST /api/admin/clients/{id}/secret': [
    asAdmin(async (caller) => ({ path: `/api/admin/clients/${await connectedApp(caller, 'confidential')}/secret` })),
  ],
  'DELETE /api/grants/{client_id}': [own(async (caller) => ({ path: `/api/grants/${await connectedApp(caller)}` }))],
};

/** By operation of the document. */
export const WRITES: Readonly<Record<string, readonly Write[]>> = {
  ...identity,
  ...provider,
  'PUT /api/me': [own(() => ({ path: '/api/me', json: { username: stranger().username } }))],
  'PATCH /api/me': [own(() => ({ path: '/api/me', json: { email: stranger().email } }))],
  'DELETE /api/me': [own(() => ({ path: '/api/me' }))],
  'POST /api/password': [
    own(() => ({ path: '/api/password', json: passwords })),
    own(() => ({ path: '/api/password', json: { ...passwords, end_all: true } }), 'with end_all'),
  ],
  'DELETE /api/sessions': [own(() => ({ path: '/api/sessions' }))],
  'DELETE /api/sessions/{id}': [own(({ otherSessionId }) => ({ path: `/api/sessions/${otherSessionId}` }))],
  'PATCH /api/admin/settings': [
    asAdmin(() => ({ path: '/api/admin/settings', json: { ACCESS_TOKEN_LIFETIME: 77, REFRESH_REUSE_GRACE: 3 } })),
  ],
  'POST /api/admin/users/import': [
    asAdmin(() => ({ path: '/api/admin/users/import', line: { email: stranger().email } })),
  ],
  'PATCH /api/admin/users/{id}': [
    asAdmin((_, { id }) => ({ path: `/api/admin/users/${id}`, json: { role: 'admin' } })),
    asAdmin((_, { id }) => ({ path: `/api/admin/users/${id}`, json: { active: false } }), 'deactivating'),
    asAdmin(({ id }) => ({ path: `/api/admin/users/${id}`, json: { active: true, role: 'user' } }), 'of their own'),
  ],
  'DELETE /api/admin/users/{id}/sessions': [asAdmin((_, { id }) => ({ path: `/api/admin/users/${id}/sessions` }))],
  'DELETE /api/admin/users/{id}/sessions/{session_id}': [
    asAdmin((_, { id, sessionId }) => ({ path: `/api/admin/users/${id}/sessions/${sessionId}` })),
  ],
  'GET /auth/logout': [own(() => ({ path: '/auth/logout' }))],
  'POST /auth/logout': [own(() => ({ path: '/auth/logout' }))],
  'POST /auth/products': [
    own(() => ({ path: '/auth/products', json: { code: newThing().code, type: 'shoe', quantity: 7 } })),
  ],
  'PUT /auth/inventory': ofOwnerAndAdmins(({ entity: { code } }) => ({
    path: '/auth/inventory',
    json: { code, quantity: 8 },
  })),
  'DELETE /auth/inventory': ofOwnerAndAdmins(({ entity: { code } }) => ({ path: '/auth/inventory', json: { code } })),
  'DELETE /auth': [own(() => ({ path: '/auth' }))],
  'PUT /user/{username}': ofOwnerAndAdmins(({ username }) => ({
    path: `/user/${username}`,
    json: { nickname: 'Ben' },
  })),
  'PATCH /user/{username}': ofOwnerAndAdmins(({ username }) => ({
    path: `/user/${username}`,
    json: { nickname: 'Ben', email: stranger().email },
  })),
  'DELETE /user/{username}': ofOwnerAndAdmins(({ username }) => ({ path: `/user/${username}` })),
  'POST /entities': [
    own(() => ({ path: '/entities', json: newThing({ attributes: { color: 'red' } }) })),
    own(
      () => ({ path: '/entities', json: newThing(), headers: { 'Idempotency-Key': crypto.randomUUID() } }),
      'with an Idempotency-Key',
    ),
  ],
  'PUT /entities/{id}': ofOwnerAndAdmins(({ entity: { id } }) => ({ path: `/entities/${id}`, json: newThing() })),
  'PATCH /entities/{id}': [
    ...ofOwnerAndAdmins(({ entity: { id } }) => ({ path: `/entities/${id}`, json: { quantity: 9 } })),
    own(({ entity: { id } }) => ({ path: `/entities/${id}`, json: { attributes: { b: 2 } } }), 'merging'),
  ],
  'DELETE /entities/{id}': ofOwnerAndAdmins(({ entity: { id } }) => ({ path: `/entities/${id}` })),
  'POST /games': [own(() => ({ path: '/games', json: { stamps } }))],
  'DELETE /games/{id}': ofOwnerAndAdmins(({ game: { id } }) => ({ path: `/games/${id}` })),
};

const ofUser = (action: string, before?: string): readonly Write[] => [
  { ...asAdmin((_, { id }) => ({ path: `/admin/users/${id}/${action}`, form: {} })), ...(before ? { before } : {}) },
];

const FAILED_MAIL = crypto.randomUUID();

/** An app that the writer is signed in to. */
async function connectedApp({ id, now }: Writer, kind = 'public'): Promise<string> {
  const clientId = crypto.randomUUID();
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO clients (id, name, kind, redirect_uris, post_logout_redirect_uris, scopes, first_party,
         id_token_algorithm, created_at, updated_at)
       VALUES (?1, 'Photo Album', ?3, '[]', '[]', 'openid', 0, 'ES256', ?2, ?2)`,
    ).bind(clientId, now, kind),
    env.DB.prepare(
      `INSERT INTO grants (account_id, client_id, scopes, created_at, last_used_at) VALUES (?1, ?2, 'openid', ?3, ?3)`,
    ).bind(id, clientId, now),
  ]);
  return clientId;
}

/** By route of the account's own pages. */
const accountForms: Readonly<Record<string, readonly Write[]>> = {
  'POST /id/reauthenticate': [own(() => ({ path: '/id/reauthenticate', form: { password: PASSWORD } }))],
  'POST /id/profile': [
    own(() => {
      const { email, username } = stranger();
      return { path: '/id/profile', form: { email, username } };
    }),
  ],
  'POST /id/verification': [own(() => ({ path: '/id/verification', form: {} }))],
  'POST /id/password': [own(() => ({ path: '/id/password', form: passwords }))],
  'POST /id/sessions': [
    own(({ otherSessionId: end }) => ({ path: '/id/sessions', form: { end } })),
    own(() => ({ path: '/id/sessions', form: { end: 'others' } }), 'others'),
  ],
  'POST /id/authenticator': [own(() => ({ path: '/id/authenticator', form: {} }))],
  'POST /id/authenticator/confirm': [
    own(async (caller, _, call) => {
      const { secret } = await call(caller, '/api/factors/totp');
      return { path: '/id/authenticator/confirm', form: { otp: codeAt(secret, caller.now) } };
    }),
  ],
  'POST /id/authenticator/remove': [
    own(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/id/authenticator/remove', form: {} };
    }),
  ],
  'POST /id/recovery-codes': [
    own(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/id/recovery-codes', form: {} };
    }),
  ],
  'POST /id/passkeys': [
    own(async (caller, _, call) => ({
      path: '/id/passkeys',
      form: { credential: JSON.stringify(await created(caller, call)) },
    })),
  ],
  'POST /id/passkeys/:id': [
    own(async (caller, _, call) => ({
      path: `/id/passkeys/${await addedPasskey(caller, call)}`,
      form: { name: 'Another' },
    })),
  ],
  'POST /id/passkeys/:id/remove': [
    own(async (caller, _, call) => ({ path: `/id/passkeys/${await addedPasskey(caller, call)}/remove`, form: {} })),
  ],
  'POST /id/apps': [own(async (caller) => ({ path: '/id/apps', form: { client: await connectedApp(caller) } }))],
  'POST /id/export': [own(() => ({ path: '/id/export', form: {} }))],
  'POST /id/delete': [own(() => ({ path: '/id/delete', form: {} }))],
};

/** By route of the pages. The form token is added to each. */
export const FORMS: Readonly<Record<string, readonly Write[]>> = {
  // A signed-in visitor may sign out.
  ...accountForms,
  'POST /id/sign-out': [own(() => ({ path: '/id/sign-out', form: {} }))],
  'POST /admin/settings': [
    asAdmin(() => ({
      path: '/admin/settings',
      form: { ACCESS_TOKEN_LIFETIME: '77', 'was.ACCESS_TOKEN_LIFETIME': '30' },
    })),
  ],
  'POST /admin/settings/presets/:preset': [
    asAdmin(async (caller, _, call) => {
      await enrol(caller, call);
      return { path: '/admin/settings/presets/recommended', form: {} };
    }),
  ],
  'POST /admin/users/invite': [asAdmin(() => ({ path: '/admin/users/invite', form: { email: 'new@example.com' } }))],
  'POST /admin/users/end-everybody': [
    asAdmin(() => ({ path: '/admin/users/end-everybody', form: { word: 'everybody' } })),
  ],
  'POST /admin/users/:id/send-reset': ofUser('send-reset'),
  'POST /admin/users/:id/delete': ofUser('delete'),
  'POST /admin/mails/retry': [
    {
      ...asAdmin(() => ({ path: '/admin/mails/retry', form: { mail: FAILED_MAIL } })),
      before: `INSERT INTO mails (id, kind, account_id, recipient, detail, created_at, attempts, due_at, last_error)
        VALUES ('${FAILED_MAIL}', 'password_changed', ?, 'a@example.com', '{}', 0, 1, 9e15, 'HTTP 500')`,
    },
  ],
  'POST /admin/users/:id/deactivate': ofUser('deactivate'),
  'POST /admin/users/:id/activate': ofUser('activate', 'UPDATE accounts SET active = 0 WHERE id = ?'),
  'POST /admin/users/:id/make-admin': ofUser('make-admin'),
  'POST /admin/users/:id/demote': ofUser('demote', "UPDATE accounts SET role = 'admin' WHERE id = ?"),
  'POST /admin/clients/new': [
    asAdmin(() => ({
      path: '/admin/clients/new',
      form: { name: 'Photo Album', kind: 'public', redirect_uris: 'https://a.example/', 'scope.openid': 'on' },
    })),
  ],
  'POST /admin/clients/:client': [
    asAdmin(async (caller) => ({
      path: `/admin/clients/${await connectedApp(caller)}`,
      form: { name: 'Another', redirect_uris: 'https://a.example/', 'scope.openid': 'on' },
    })),
  ],
  'POST /admin/clients/:client/secret': [
    asAdmin(async (caller) => ({
      path: `/admin/clients/${await connectedApp(caller, 'confidential')}/secret`,
      form: {},
    })),
  ],
  'POST /admin/clients/:client/delete': [
    asAdmin(async (caller) => ({ path: `/admin/clients/${await connectedApp(caller)}/delete`, form: {} })),
  ],
  'POST /admin/users/:id/remove-factors': [
    asAdmin(async (_, other, call) => {
      await addedPasskey(other, call);
      return { path: `/admin/users/${other.id}/remove-factors`, form: {} };
    }),
  ],
  'POST /admin/users/:id/end-sessions': ofUser('end-sessions'),
  'POST /admin/users/:id/sessions/:session/end': [
    asAdmin((_, { id, sessionId }) => ({ path: `/admin/users/${id}/sessions/${sessionId}/end`, form: {} })),
  ],
  'POST /admin/entities/:id': [
    asAdmin((_, { entity: { id, code } }) => ({
      path: `/admin/entities/${id}`,
      form: { code, type: 'chair', quantity: '5', visibility: 'private', attributes: '{}', version: '1' },
    })),
  ],
  'POST /admin/entities/:id/delete': [
    asAdmin((_, { entity: { id } }) => ({ path: `/admin/entities/${id}/delete`, form: {} })),
  ],
};
