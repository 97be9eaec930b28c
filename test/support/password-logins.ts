// Every way to sign in with a password, in the words of each contract.
import type { Answer, Client } from './client.ts';
import type { Person } from './people.ts';
import { post } from './visitor.ts';

type Names = Pick<Person, 'email' | 'username' | 'password'>;

export interface PasswordLogin {
  /** The operation in the OpenAPI document; undefined for a page. */
  readonly operation: string | undefined;
  send(client: Client, person: Names, otp?: string): Promise<Answer>;
  /** The answers to an account with an authenticator app without a code, and with a wrong one. */
  readonly missing: object;
  readonly wrong: object;
  /** Whether somebody was let in. */
  isIn(answer: Answer): boolean;
}

const with_ = (otp: string | undefined) => (otp === undefined ? {} : { otp });
const isOk = ({ status }: Answer) => status === 200;
const MISSING = { status: 401, body: { code: 'second_factor_required', factors: ['totp', 'recovery_code'] } };
const WRONG = { status: 401, body: { code: 'invalid_second_factor' } };

export const PASSWORD_LOGINS: Readonly<Record<string, PasswordLogin>> = {
  'POST /api/login by email': {
    operation: 'POST /api/login',
    send: (client, { email, password }, otp) => client.post('/api/login', { email, password, ...with_(otp) }),
    missing: MISSING,
    wrong: WRONG,
    isIn: isOk,
  },
  'POST /api/login by username': {
    operation: 'POST /api/login',
    send: (client, { username, password }, otp) => client.post('/api/login', { username, password, ...with_(otp) }),
    missing: MISSING,
    wrong: WRONG,
    isIn: isOk,
  },
  'POST /auth/login': {
    operation: 'POST /auth/login',
    send: (client, { email, password }, otp) => client.post('/auth/login', { email, password, ...with_(otp) }),
    missing: { status: 401, body: { status: 'error', message: 'Second factor required.' } },
    wrong: { status: 401, body: { status: 'error', message: 'Invalid second factor.' } },
    isIn: isOk,
  },
  'POST /auth': {
    operation: 'POST /auth',
    send: (client, { username, password }, otp) => client.post('/auth', { username, password, ...with_(otp) }),
    missing: MISSING,
    wrong: WRONG,
    isIn: isOk,
  },
  'POST /auth as a form': {
    operation: 'POST /auth',
    send: (client, { username, password }, otp) =>
      client.send('POST', '/auth', { form: { username, password, ...with_(otp) } }),
    missing: MISSING,
    wrong: WRONG,
    isIn: isOk,
  },
  'POST /token': {
    operation: 'POST /token',
    send: (client, { email, password }, otp) => client.post('/token', { email, password, ...with_(otp) }),
    missing: MISSING,
    wrong: WRONG,
    isIn: isOk,
  },
  'POST /token as a form': {
    operation: 'POST /token',
    send: (client, { username, password }, otp) =>
      client.send('POST', '/token', { form: { grant_type: 'password', username, password, ...with_(otp) } }),
    missing: { status: 400, body: { error: 'mfa_required' } },
    wrong: { status: 400, body: { error: 'invalid_grant' } },
    isIn: isOk,
  },
  'POST /id/sign-in': {
    operation: undefined,
    send: async (client, { email: name, password }, otp) => {
      const first = await post(client, '/id/sign-in', { name, password });
      const pending = /name="pending" value="([^"]+)"/.exec(first.text)?.[1];
      return otp === undefined || !pending ? first : post(client, '/id/second-factor', { pending, otp });
    },
    missing: { status: 200, text: /has an authenticator app/ },
    wrong: { status: 200, text: /The code is wrong/ },
    isIn: ({ status, headers }) => status === 303 && headers.get('Set-Cookie') !== null,
  },
};
