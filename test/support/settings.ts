// Settings as an operator sets them: straight into KV, seen once what the isolate keeps is old.
import type { Client } from './client.ts';

const KEPT_MS = 5 * 1000;

export async function configure(client: Client, settings: Record<string, string | null>): Promise<void> {
  for (const [key, value] of Object.entries(settings)) {
    await (value === null ? client.env.CONFIG.delete(key) : client.env.CONFIG.put(key, value));
  }
  client.clock.advance(KEPT_MS);
}
