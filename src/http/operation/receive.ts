// Request bodies as bytes, up to a limit.
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { drain } from '../middleware/drain.ts';

export const MAX_BODY_BYTES = 64 * 1024;

/** Why there is no body: it is longer than the limit, or the client left before its end. */
export type NoBodyReason = 'payload_too_large' | 'malformed_body';

/** Reads the body whole, whatever length it declares. */
export async function readBytes(c: Context, maxBytes: number): Promise<Uint8Array | Refusal<NoBodyReason>> {
  const chunks: Uint8Array[] = [];
  const size = await receive(c, maxBytes, (chunk) => {
    chunks.push(chunk);
  });
  return isRefusal(size) ? size : joined(chunks, size);
}

type Write = (chunk: Uint8Array) => void;

/** Hands on the body, and resolves to its size in bytes. */
export async function receive(c: Context, maxBytes: number, write: Write): Promise<number | Refusal<NoBodyReason>> {
  const isShort = declaredLength(c) <= Math.min(maxBytes, MAX_BODY_BYTES);
  const size = await (isShort ? receiveWhole(c, write) : receiveChunks(c, maxBytes, write));
  if (size === undefined) return refuse('malformed_body');
  return size > maxBytes ? refuse('payload_too_large') : size;
}

/** The length that the head declares, with which the body ends (RFC 9112 §6.3); NaN where it declares none. */
const declaredLength = (c: Context): number => Number(c.req.header('Content-Length'));

/** Reads a body by one call: reading it by chunks takes a sixth of the CPU of an answer that needs no storage. */
async function receiveWhole(c: Context, write: Write): Promise<number | undefined> {
  const buffer = await c.req.raw.arrayBuffer().catch(cutOff);
  if (buffer) write(new Uint8Array(buffer));
  return buffer?.byteLength;
}

/** Above the limit it drops the rest, so that the client reads its 413. */
async function receiveChunks(c: Context, maxBytes: number, write: Write): Promise<number | undefined> {
  const reader = c.req.raw.body?.getReader();
  if (!reader) return 0;
  let size = 0;
  for (;;) {
    const next = await reader.read().catch(cutOff);
    if (!next) return undefined;
    if (next.done) return size;
    size += next.value.byteLength;
    if (size > maxBytes) break;
    write(next.value);
  }
  await drain(reader);
  return size;
}

/** A body fails where its client leaves before its end. */
const cutOff = (): undefined => undefined;

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
