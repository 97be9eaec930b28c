// The OpenAPI document as the Worker itself serves it.
import { createTestHarness } from 'wrangler';
import { newSecrets } from './key-set.ts';
import { root } from './wrangler.ts';

/**
 * Starts the Worker on stores of its own, asks for `/openapi.json` and stops it again; resolves to the text, indented.
 */
export async function servedDocument(): Promise<string> {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  const worker = { configPath: `${root}wrangler.toml`, secrets: { ...(await newSecrets()) } };
  const harness = createTestHarness({ workers: [worker] });
  try {
    await harness.listen();
    const answer = await harness.fetch('/openapi.json');
    if (!answer.ok) throw new Error(`/openapi.json answered ${answer.status}`);
    return `${JSON.stringify(await answer.json(), null, 2)}\n`;
  } finally {
    await harness.close();
  }
}
