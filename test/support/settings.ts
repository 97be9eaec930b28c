// Settings as an operator sets them: straight into KV, in force once the isolate's cache has expired.
import { env } from 'cloudflare:workers';
import type { Client } from './client.ts';
import { LATEST_MS } from './lying-kv.ts';

const KEPT_MS = 5 * 1000;
// The write may come late, and the miss before it may be remembered as long.
const SEEN_MS = env.KV_LIES === '1' ? KEPT_MS + 2 * LATEST_MS : KEPT_MS;

export async function configure(client: Client, settings: Record<string, string | null>): Promise<void> {
  for (const [key, value] of Object.entries(settings)) {
    await (value === null ? client.env.CONFIG.delete(key) : client.env.CONFIG.put(key, value));
  }
  client.clock.advance(SEEN_MS);
}
