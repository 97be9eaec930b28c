// Sign up, and read, change and delete an account by its username: your own, or any as an admin.
import { z } from '@hono/zod-openapi';
import { readProfile, removeProfile } from '../../domain/accounts/profile.ts';
import { mergeProfile, replaceProfile } from '../../domain/accounts/profile-change.ts';
import { register } from '../../domain/accounts/registration.ts';
import { WEAK_PASSWORD_REASONS } from '../../domain/passwords/policy.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import type { MediaType } from '../operation/body.ts';
import { reply } from '../operation/declaration.ts';
import { account } from '../operation/guards/account.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { REACH_REASONS, reach } from './reach.ts';
import { ProfileBody, SignUpBody, UserBody, userView } from './shapes.ts';

const tag = 'Session API';
const mediaTypes: readonly MediaType[] = ['application/json', 'application/x-www-form-urlencoded'];
const path = '/user/{username}';
const params = once(() => z.object({ username: z.string().openapi({ description: 'In any case.', example: 'ben' }) }));
const example = { username: 'ben', email: 'ben@example.com', nickname: 'Benny' };

export function userOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/user',
      operationId: 'signUp',
      tag,
      summary: 'Sign up',
      description:
        "Takes JSON or a form. An `email` is the account's email; every other field is its own data, at most 16 KiB.",
      guard: anyone,
      rateLimit: 'sign-up',
      body: SignUpBody,
      bodyExample: { ...example, password: 'secret1' },
      mediaTypes,
      answers: { 201: { description: 'The account was created.', schema: UserBody, example } },
      refuses: ['username_taken', 'email_taken', ...WEAK_PASSWORD_REASONS, 'identity_required', 'registration_closed'],
    },
    async ({ body: { username, password, email = null, data }, ports, audit }) => {
      const account = await register(ports, { username, email, password, data }, audit);
      return isRefusal(account) ? account : reply(201, userView(account));
    },
  );

  operation(
    {
      method: 'get',
      path,
      operationId: 'getUser',
      tag,
      summary: 'Read an account',
      description: "Your own account, or any as an admin. Another's is forbidden whether it exists or not.",
      guard: account,
      params,
      answers: { 200: { description: 'The account.', schema: UserBody, example } },
      refuses: [...REACH_REASONS],
    },
    async (call) => {
      const reached = await reach(call);
      if (isRefusal(reached)) return reached;
      const { caller, ports } = call;
      const account = await readProfile(ports, caller.account, reached.target, reached.audit);
      return isRefusal(account) ? account : reply(200, userView(account));
    },
  );

  for (const [method, summary, description] of [
    ['put', 'Replace the data of an account', 'The data is replaced; an `email` that is not given stays.'],
    ['patch', 'Change the data of an account', 'The data is merged (RFC 7396): `null` removes.'],
  ] as const) {
    operation(
      {
        method,
        path,
        operationId: `${method}User`,
        tag,
        summary,
        description: `${description} Takes JSON or a form; a \`username\` or \`password\` in it is ignored.`,
        guard: account,
        recent: ({ email }) => email !== undefined,
        params,
        body: ProfileBody,
        bodyExample: { nickname: 'Ben' },
        mediaTypes,
        answers: {
          200: {
            description: 'The account after the change.',
            schema: UserBody,
            example: { ...example, nickname: 'Ben' },
          },
        },
        refuses: [...REACH_REASONS, 'email_taken', 'identity_required', 'too_many_requests'],
      },
      async (call) => {
        const reached = await reach(call);
        if (isRefusal(reached)) return reached;
        const { caller, ports } = call;
        const { email, data } = call.body;
        const { target, audit } = reached;
        const account = await (method === 'put'
          ? replaceProfile(ports, target, { email, data }, audit)
          : mergeProfile(ports, caller, target, { email, data }, audit));
        return isRefusal(account) ? account : reply(200, userView(account));
      },
    );
  }

  operation(
    {
      method: 'delete',
      path,
      operationId: 'deleteUser',
      tag,
      summary: 'Delete an account',
      description: 'Ends every session. Private entities are deleted with it, public ones stay without an owner.',
      guard: account,
      recent: 'for changes',
      params,
      answers: { 204: { description: 'The account was deleted.' } },
      refuses: [...REACH_REASONS, 'last_admin'],
    },
    async (call) => {
      const reached = await reach(call);
      if (isRefusal(reached)) return reached;
      const removed = await removeProfile(call.ports, reached.target, reached.audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );
}
