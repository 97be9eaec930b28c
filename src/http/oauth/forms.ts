// The forms that clients send: parameters by name, none of them twice, and the client that authenticates with them.
import { z } from '@hono/zod-openapi';
import type { Client } from '../../domain/oauth/client.ts';
import { authenticateClient, credentialsIn } from '../../domain/oauth/client-authentication.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { once } from '../once.ts';
import type { MediaType } from '../operation/body.ts';

/** RFC 6749 §3.2: a parameter without a value counts as omitted. */
const parameter = once(() =>
  z
    .string()
    .optional()
    .transform((value) => value || undefined)
    .openapi({ type: 'string' }),
);

type Parameters<N extends string> = Readonly<Record<N, string | undefined>>;

/** A form of these parameters, and those by which clients authenticate. */
export const formOf = <N extends string>(...names: readonly N[]) =>
  once(() => {
    const fields = [...names, 'client_id', 'client_secret'].map((name) => [name, parameter()]);
    // One parameter for each name.
    return z.object(Object.fromEntries(fields)) as unknown as z.ZodType<Parameters<N | 'client_id' | 'client_secret'>>;
  });

/** RFC 6749 §3.2: a parameter must not be sent twice. Checked on the bytes, since the parser would drop one of two. */
function refuseRepeated(bytes: Uint8Array): string | undefined {
  const names = [...new URLSearchParams(new TextDecoder().decode(bytes)).keys()];
  return new Set(names).size < names.length ? 'A parameter is there more than once.' : undefined;
}

/** The part that the declarations of client endpoints share. */
export const clientEndpoint = {
  tag: 'OAuth 2.1',
  mediaTypes: ['application/x-www-form-urlencoded'] as readonly MediaType[],
  refuseBytes: refuseRepeated,
  refusalLimit: 'client',
} as const;

/** The client of a request: by HTTP Basic, or by the parameters of its form. */
export async function clientOf(
  c: Context,
  form: Parameters<'client_id' | 'client_secret'>,
): Promise<Client | Refusal<'invalid_client' | 'invalid_request'>> {
  const credentials = credentialsIn(c.req.header('Authorization'), form);
  return isRefusal(credentials) ? credentials : authenticateClient(c.get('ports'), credentials);
}
