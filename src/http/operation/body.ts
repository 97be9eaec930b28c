// Request bodies: read whole up to a limit, in a media type that the operation declares, as UTF-8, and validated.
import type { z } from '@hono/zod-openapi';
import { type FieldError, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { drain } from '../middleware/drain.ts';

export type MediaType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/x-www-form-urlencoded'
  | 'application/x-ndjson';

const FORM: MediaType = 'application/x-www-form-urlencoded';
const LINES: MediaType = 'application/x-ndjson';

export const MAX_BODY_BYTES = 64 * 1024;

/** The value of an empty body; a schema that takes any object can distinguish it from `{}`. */
export const NO_BODY: unknown = Object.freeze({});

/** Reads the body, whatever length it declares. Above the limit it drops the rest, so that the client reads its 413. */
export async function readBytes(c: Context, maxBytes: number): Promise<Uint8Array | 'too_large'> {
  const reader = c.req.raw.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(chunks, size);
    size += value.byteLength;
    if (size > maxBytes) break;
    chunks.push(value);
  }
  await drain(reader);
  return 'too_large';
}

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

/** The schemas and media types of a body. */
export interface BodySpec<T> {
  readonly body: z.ZodType<T>;
  readonly form?: z.ZodType<T>;
  readonly mediaTypes?: readonly MediaType[];
  readonly refuseBytes?: (bytes: Uint8Array) => string | undefined;
  readonly maxLines?: number;
}

type BodyReason = 'malformed_body' | 'invalid_body' | 'unsupported_media_type' | 'payload_too_large';

/** Parses and validates a body. An empty one is an empty object, so that the errors name the missing fields. */
export function parseBody<T>(c: Context, bytes: Uint8Array, spec: BodySpec<T>): T | Refusal<BodyReason> {
  const { body, form = body, mediaTypes = ['application/json'], refuseBytes, maxLines = 0 } = spec;
  const contentType = c.req.header('Content-Type');
  const mediaType = mediaTypes.find((known) => isOf(contentType, known));
  if (!mediaType && (contentType !== undefined || bytes.byteLength > 0)) return refuse('unsupported_media_type');
  const message = refuseBytes?.(bytes);
  if (message) return refuse('invalid_body', { errors: [{ path: '', message }] });
  const value = parse(bytes, mediaType ?? 'application/json');
  if (value === undefined) return refuse('malformed_body');
  if (mediaType === LINES && Array.isArray(value) && value.length > maxLines) return refuse('payload_too_large');
  const parsed = (mediaType === FORM ? form : body).safeParse(value);
  return parsed.success ? parsed.data : refuse('invalid_body', { errors: fieldErrors(parsed.error) });
}

/** Whether a Content-Type names this media type, and UTF-8 if it names a charset (RFC 8259 §8.1). */
function isOf(contentType: string | undefined, mediaType: MediaType): boolean {
  const [essence, ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return essence?.trim() === mediaType && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

/** The value of a body; undefined for a malformed one, which no JSON text is. */
function parse(bytes: Uint8Array, mediaType: MediaType): unknown {
  if (bytes.byteLength === 0 && mediaType !== LINES) return NO_BODY;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    if (mediaType === LINES) return linesOf(text);
    return mediaType === FORM ? fieldsOf(new URLSearchParams(text)) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines of a text as they are; what follows the last line feed is none where it is empty. */
const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** A form's fields as own properties; the last of a name wins, as in JSON. */
const fieldsOf = (form: URLSearchParams): unknown => Object.fromEntries(form);

/** Zod's issues as field errors that quote nothing of what was sent. */
export const fieldErrors = ({ issues }: z.ZodError): readonly FieldError[] =>
  issues.map(({ path, message }) => ({ path: path.join('.'), message }));
