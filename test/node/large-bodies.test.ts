// A client always reads the answer to a body that is too large: workerd resets connections whose body was left unread.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningWorker, startedWorker } from './support/worker.ts';

type Method = 'post' | 'put' | 'patch';
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, { readonly requestBody?: object }>>>>>;
}

const METHODS: readonly Method[] = ['post', 'put', 'patch'];
const CHUNK_BYTES = 64 * 1024;
let worker: RunningWorker;

beforeAll(async () => {
  worker = await startedWorker();
}, 120_000);
afterAll(() => worker.stop());

/** With a Content-Length, or in chunks. */
function bodyOf(size: number, framing: 'length' | 'chunked'): BodyInit {
  if (framing === 'length') return new Uint8Array(size).fill(0x20);
  let left = size;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(Math.min(left, CHUNK_BYTES)).fill(0x20));
      left -= CHUNK_BYTES;
    },
  });
}

/** The status that the client reads, or why it read none. */
async function statusOf(method: Method, path: string, size: number, framing: 'length' | 'chunked') {
  const headers = { 'Content-Type': 'application/json' };
  // Node sends a stream only with this option, which the type of fetch lacks.
  const init = { method: method.toUpperCase(), headers, body: bodyOf(size, framing), duplex: 'half' };
  try {
    const response = await fetch(worker.origin + path, init);
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    return String(error instanceof Error ? (error.cause ?? error) : error);
  }
}

describe.each(['length', 'chunked'] as const)('a body that is too large, sent with %s', (framing) => {
  it('is answered on every route', { timeout: 120_000 }, async () => {
    const document = (await (await fetch(`${worker.origin}/openapi.json`)).json()) as Document; // its own document
    const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      METHODS.filter((method) => operations[method]?.requestBody).map((method) => ({ method, path })),
    );
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      const status = await statusOf(method, path.replaceAll(/\{\w+\}/g, '1'), 1_000_000, framing);
      // A caller who may not send 1 MB at all is told that first.
      expect([401, 413], `${method} ${path}: ${status}`).toContain(status);
    }
  });

  it.each([
    [1_000_000, 20],
    [20_000_000, 3],
  ])('of %i bytes is 413, %i times in a row', { timeout: 120_000 }, async (size, times) => {
    const statuses = [];
    for (let time = 0; time < times; time += 1) statuses.push(await statusOf('post', '/api/register', size, framing));
    expect(statuses).toEqual(Array(times).fill(413));
  });
});
