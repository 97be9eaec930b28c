// The forms of pages: read whole, and only where one of our own pages sent them.
import { z } from '@hono/zod-openapi';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { once } from '../once.ts';
import { parseBody } from '../operation/body.ts';
import { MAX_BODY_BYTES, readBytes } from '../operation/receive.ts';

export type Form = Readonly<Record<string, string | undefined>>;

const FormBody = once(() => z.record(z.string(), z.string()));

type FormRefusal = Refusal<'payload_too_large' | 'unsupported_media_type' | 'malformed_body' | 'invalid_body'>;

/** Reads a form that one of our own pages sent; `cross_site` for any other. */
export async function readForm(c: Context): Promise<Form | 'cross_site' | FormRefusal> {
  if (!isSameOrigin(c)) return 'cross_site';
  const bytes = await readBytes(c, MAX_BODY_BYTES);
  c.set('now', c.get('clock')());
  if (isRefusal(bytes)) return bytes;
  return parseBody(c, bytes, { body: FormBody, mediaTypes: ['application/x-www-form-urlencoded'] });
}

/**
 * Browsers tell in Sec-Fetch-Site whether our own page sent a form, and no page can change it; Safari before 16.4 sends
 * only Origin. A request with neither is refused: forms of signed-out visitors have no CSRF token. Hono's csrf checks
 * form media types alone, and accepts by Origin a request that Sec-Fetch-Site shows to be cross-site.
 */
export function isSameOrigin(c: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  return site === undefined ? c.req.header('Origin') === new URL(c.req.url).origin : site === 'same-origin';
}
