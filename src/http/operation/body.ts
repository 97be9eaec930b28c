// Request bodies: in a media type that the operation declares, as UTF-8, and validated.
import type { z } from '@hono/zod-openapi';
import { type FieldError, isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { Once } from '../once.ts';
import type { BodyReader } from './body-reader.ts';
import { type NoBodyReason, readBytes, receive } from './receive.ts';

export type MediaType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/x-www-form-urlencoded'
  | 'application/x-ndjson';

const FORM: MediaType = 'application/x-www-form-urlencoded';
const LINES: MediaType = 'application/x-ndjson';

/** The value of an empty body; a schema that takes any object can distinguish it from `{}`. */
export const NO_BODY: unknown = Object.freeze({});

/** The schemas and media types of a body. */
export interface BodySpec<T> {
  readonly body: Once<z.ZodType<T>>;
  readonly form?: Once<z.ZodType<T>>;
  readonly mediaTypes?: readonly MediaType[];
  readonly reader?: () => BodyReader<T>;
  readonly maxLines?: number;
}

type BodyReason = NoBodyReason | 'invalid_body' | 'unsupported_media_type';

/**
 * Receives a body, and parses one that has a reader as it arrives. Returns a function for its value or its errors: the
 * caller is identified in between, and may have to be refused first.
 */
export async function receiveBody<T>(
  c: Context,
  spec: BodySpec<T>,
  maxBytes: number,
): Promise<(() => T | Refusal<BodyReason>) | Refusal<NoBodyReason>> {
  const { reader, mediaTypes } = spec;
  if (!reader) {
    const bytes = await readBytes(c, maxBytes);
    return isRefusal(bytes) ? bytes : () => parseBody(c, bytes, spec);
  }
  const body = reader();
  const isReadable = mediaTypeOf(c, mediaTypes, 1) !== undefined;
  const size = await receive(c, maxBytes, isReadable ? (chunk) => body.write(chunk) : () => {});
  if (isRefusal(size)) return size;
  return () => (mediaTypeOf(c, mediaTypes, size) ? body.end() : refuse('unsupported_media_type'));
}

/** Parses and validates a body. An empty one is an empty object, so that the errors name the missing fields. */
export function parseBody<T>(c: Context, bytes: Uint8Array, spec: BodySpec<T>): T | Refusal<BodyReason> {
  const { body, form = body, mediaTypes, maxLines = 0 } = spec;
  const mediaType = mediaTypeOf(c, mediaTypes, bytes.byteLength);
  if (!mediaType) return refuse('unsupported_media_type');
  const value = parse(bytes, mediaType);
  if (value === undefined) return refuse('malformed_body');
  if (mediaType === LINES && Array.isArray(value) && value.length > maxLines) return refuse('payload_too_large');
  const parsed = (mediaType === FORM ? form : body)().safeParse(value);
  return parsed.success ? parsed.data : refuse('invalid_body', { errors: fieldErrors(parsed.error) });
}

/** The media type of a body, one of those that the operation takes. An empty body needs none. */
function mediaTypeOf(
  c: Context,
  mediaTypes: readonly MediaType[] = ['application/json'],
  size: number,
): MediaType | undefined {
  const contentType = c.req.header('Content-Type');
  if (contentType === undefined && size === 0) return 'application/json';
  return mediaTypes.find((known) => isOf(contentType, known));
}

/** Whether a Content-Type names this media type, and UTF-8 if it names a charset (RFC 8259 §8.1). */
function isOf(contentType: string | undefined, mediaType: MediaType): boolean {
  const [essence, ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return essence?.trim() === mediaType && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

/** The value of a body; undefined for a malformed one, since no JSON text has that value. */
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

/** The lines of a text as they are, without an empty one after the last line feed. */
const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');

/** A form's fields as own properties; the last of a name wins, as in JSON. */
const fieldsOf = (form: URLSearchParams): unknown => Object.fromEntries(form);

/** Zod's issues as field errors that quote nothing of what was sent. */
export const fieldErrors = ({ issues }: z.ZodError): readonly FieldError[] =>
  issues.map(({ path, message }) => ({ path: path.join('.'), message }));
