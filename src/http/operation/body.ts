// A body is read once, as UTF-8, in a media type that the operation declares, and is what its schema says.
import type { z } from '@hono/zod-openapi';
import { type FieldError, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { isTooHeavy, TOO_HEAVY } from './body-weight.ts';

export type MediaType = 'application/json' | 'application/merge-patch+json' | 'application/x-www-form-urlencoded';

export const MAX_BODY_BYTES = 64 * 1024;

/** What an empty body is read as; a schema that takes any object may tell it from `{}`. */
export const NO_BODY: unknown = Object.freeze({});

type BodyReason = 'malformed_body' | 'invalid_body' | 'unsupported_media_type';

/** Reads and checks a body. An empty one is an empty object, so that the answer names the fields that are missing. */
export async function readBody<T>(
  c: Context,
  schema: z.ZodType<T>,
  mediaTypes: readonly MediaType[],
  formSchema: z.ZodType<T> = schema,
): Promise<T | Refusal<BodyReason>> {
  const bytes = await c.req.arrayBuffer();
  const contentType = c.req.header('Content-Type');
  const mediaType = mediaTypes.find((known) => isOf(contentType, known));
  if (!mediaType && (contentType !== undefined || bytes.byteLength > 0)) return refuse('unsupported_media_type');
  if (isTooHeavy(bytes)) return refuse('invalid_body', { errors: [{ path: '', message: TOO_HEAVY }] });
  const value = parse(bytes, mediaType ?? 'application/json');
  if (value === undefined) return refuse('malformed_body');
  const parsed = (mediaType === 'application/x-www-form-urlencoded' ? formSchema : schema).safeParse(value);
  return parsed.success ? parsed.data : refuse('invalid_body', { errors: fieldErrors(parsed.error) });
}

/** Whether a Content-Type names this media type, in UTF-8 if it names a charset at all (RFC 8259 §8.1). */
function isOf(contentType: string | undefined, mediaType: MediaType): boolean {
  const [essence, ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return essence?.trim() === mediaType && (charset === undefined || /^charset="?utf-?8"?$/.test(charset));
}

/** The value of a body; undefined where it is malformed, which no JSON text is. */
function parse(bytes: ArrayBuffer, mediaType: MediaType): unknown {
  if (bytes.byteLength === 0) return NO_BODY;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return mediaType === 'application/x-www-form-urlencoded' ? fieldsOf(new URLSearchParams(text)) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A form's fields as own properties, the last of a name winning as in JSON. */
const fieldsOf = (form: URLSearchParams): unknown => Object.fromEntries(form);

/** What zod found, as paths and words that quote nothing of what was sent. */
export const fieldErrors = ({ issues }: z.ZodError): readonly FieldError[] =>
  issues.map(({ path, message }) => ({ path: path.join('.'), message }));
