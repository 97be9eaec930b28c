// `npm run -s export > accounts.ndjson` takes every account out, in the form that an import takes: see docs/moving.md.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { type AdminSession, originOf, signIn } from './import/session.ts';

const USAGE = 'npm run -s export -- [--hashes] [--url ORIGIN] > accounts.ndjson';

/** Writes the pages one after the other, and returns how many accounts they have. */
async function writePages(session: AdminSession, first: string): Promise<number> {
  let accounts = 0;
  for (let path: string | undefined = first; path !== undefined; ) {
    const response: Response = await session.send(path);
    if (response.status !== 200) {
      const { detail } = (await response.json()) as { detail?: string };
      throw new Error(`exporting: ${detail ?? response.status}`);
    }
    const text = await response.text();
    accounts += text.split('\n').length - 1;
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    path = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
  }
  return accounts;
}

async function run(): Promise<string> {
  const { values } = parseArgs({
    options: {
      hashes: { type: 'boolean', default: false },
      url: { type: 'string', default: `http://localhost:${process.env.PORT || 8787}` },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return USAGE;
  const session = await signIn(originOf(values.url));
  const accounts = await writePages(session, `/api/admin/users/export/${values.hashes ? '?hashes=true' : ''}`);
  await session.signOut();
  return `${accounts} accounts, ${values.hashes ? 'with' : 'without'} the hashes of passwords and refresh tokens`;
}

try {
  // On stderr: stdout is the export itself.
  console.error(await run());
} catch (error) {
  console.error(`export: ${(error as Error).message}`);
  process.exitCode = 1;
}
