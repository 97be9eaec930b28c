// The state that an account needs before an operation on its factors can succeed: each is set up by other operations.
import { enrol } from '../support/authenticator-app.ts';
import type { Client } from '../support/client.ts';
import { codeAt } from '../support/codes.ts';
import { addPasskey, newAuthenticator } from '../support/soft-authenticator.ts';

type Values = Readonly<Record<string, string>>;
type Preparation = (client: Client, token: string) => Promise<Values>;

const passkey: Preparation = async (client, token) => ({ passkey_id: (await addPasskey(client, token)).id });
const app: Preparation = async (client, token) => {
  await enrol(client, token);
  return {};
};

/** By method and path, as a plan has them. `credential` is the JSON text of what an authenticator makes. */
const PREPARATIONS: Readonly<Record<string, Preparation>> = {
  'DELETE /api/factors/totp': app,
  'POST /api/factors/recovery-codes': app,
  'PATCH /api/passkeys/{{passkey_id}}': passkey,
  'DELETE /api/passkeys/{{passkey_id}}': passkey,

  async 'POST /api/factors/totp/confirm'(client, token) {
    const { body } = await client.post('/api/factors/totp', undefined, { token });
    return { otp: codeAt(body.secret, client.clock()) };
  },

  async 'POST /api/passkeys'(client, token) {
    const { body } = await client.post('/api/passkeys/options', undefined, { token });
    return { credential: JSON.stringify(await newAuthenticator().create(body)) };
  },

  async 'POST /api/login/passkey'(client, token) {
    const { authenticator } = await addPasskey(client, token);
    const { body } = await client.post('/api/login/passkey/options');
    return { credential: JSON.stringify(await authenticator.get(body)) };
  },
};

export const preparationOf = (method: string, path: string): Preparation | undefined =>
  PREPARATIONS[`${method} ${path}`];
