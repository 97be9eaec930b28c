// A black-box client of the Worker in this isolate; every answer must be in the OpenAPI document.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env as bindings } from 'cloudflare:workers';
import { type AppOptions, createApp } from '../../src/app.ts';
import { type Clock, stoppedClock } from './clock.ts';
import { assertDocumented, isJson } from './document.ts';
import { cheapHashing } from './hashing.ts';
import { lyingKv } from './lying-kv.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
type Body = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

export interface Sending {
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  /** A body as it is, with the media type in `headers`. */
  readonly raw?: BodyInit;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

export interface Client {
  readonly clock: Clock;
  readonly env: Env;
  send(method: string, path: string, sending?: Sending): Promise<Answer>;
  get(path: string, sending?: Sending): Promise<Answer>;
  post(path: string, json?: unknown, sending?: Sending): Promise<Answer>;
  put(path: string, json?: unknown, sending?: Sending): Promise<Answer>;
  patch(path: string, json?: unknown, sending?: Sending): Promise<Answer>;
  delete(path: string, sending?: Sending): Promise<Answer>;
}

/** With KV_LIES set, every client's KV lies: `npm run test:kv` runs the whole HTTP suite that way. */
const lies = (clock: Clock) =>
  bindings.KV_LIES === '1'
    ? { REFRESH_TOKENS: lyingKv(bindings.REFRESH_TOKENS, clock), CONFIG: lyingKv(bindings.CONFIG, clock) }
    : {};

interface ClientOptions extends AppOptions {
  readonly clock?: Clock;
}

/**
 * A client of an app of its own, with cheap hashes by default. `env` replaces bindings, by counting ones for example.
 */
export function newClient(env: Partial<Env> = {}, options: ClientOptions = {}): Client {
  const { clock = stoppedClock(), ...rest } = options;
  const app = createApp({ hashing: cheapHashing, ...rest, clock });
  const all: Env = { ...bindings, ...lies(clock), ...env };

  const send = async (
    method: string,
    path: string,
    { json, form, raw, token, headers = {} }: Sending = {},
  ): Promise<Answer> => {
    const body = raw ?? (form ? new URLSearchParams(form).toString() : JSON.stringify(json));
    const request = new Request(`http://localhost${path}`, {
      method,
      headers: {
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
        // As a client over a network does, whose body is no stream.
        ...(typeof body === 'string' ? { 'Content-Length': String(new TextEncoder().encode(body).byteLength) } : {}),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const context = createExecutionContext();
    const response = await app.fetch(request, all, context);
    // Not `text()`, which warns of NDJSON.
    const text = new TextDecoder().decode(await response.arrayBuffer());
    await waitOnExecutionContext(context);
    await assertDocumented(method, path, response, text);
    const isValue = isJson(response.headers.get('Content-Type')) && text !== '';
    return { status: response.status, headers: response.headers, text, body: isValue ? JSON.parse(text) : undefined };
  };

  return {
    clock,
    env: all,
    send,
    get: (path, sending) => send('GET', path, sending),
    post: (path, json, sending) => send('POST', path, { json, ...sending }),
    put: (path, json, sending) => send('PUT', path, { json, ...sending }),
    patch: (path, json, sending) => send('PATCH', path, { json, ...sending }),
    delete: (path, sending) => send('DELETE', path, sending),
  };
}
