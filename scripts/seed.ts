// `npm run seed` fills the local database with demo data. It may be run again: existing rows stay as they are.
import { parseArgs } from 'node:util';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from './seed/demo-accounts.ts';
import { CHUNK_ROWS, entityStatements } from './seed/entities.ts';
import { seedStatements } from './seed/statements.ts';
import { migrate, write } from './wrangler.ts';

/** Chunks of entities for one start of wrangler. */
const CHUNKS_PER_RUN = 10;

const accounts = (): string =>
  DEMO_ACCOUNTS.map(
    ({ username, email, role }) => `  ${(username ?? '').padEnd(14)} ${(email ?? '').padEnd(24)} ${role}`,
  ).join('\n');

const DONE = `Demo accounts, all with the password "${DEMO_PASSWORD}":

${accounts()}

Everybody else who signed up in the month that /admin shows has the same.`;

/** The requested number of entities. Throws for an argument that is not one. */
function countOf(entities: string): number {
  if (!/^\d{1,8}$/.test(entities)) throw new Error('--entities takes the number of entities to add');
  return Number(entities);
}

async function run(): Promise<string> {
  const { values } = parseArgs({ options: { remote: { type: 'boolean' }, entities: { type: 'string' } } });
  if (values.remote) throw new Error('demo accounts have passwords that everybody knows; they are made locally only');
  const count = values.entities === undefined ? undefined : countOf(values.entities);
  const now = Date.now();
  await migrate('--local');
  const chunks = await entityStatements(count, now);
  // One start of wrangler writes everything, unless there are many entities. Entities come after their owners.
  await write('--local', [...(await seedStatements(now)), ...chunks.slice(0, CHUNKS_PER_RUN)]);
  for (let done = CHUNKS_PER_RUN; done < chunks.length; done += CHUNKS_PER_RUN) {
    console.log(`${done * CHUNK_ROWS} entities`);
    await write('--local', chunks.slice(done, done + CHUNKS_PER_RUN));
  }
  return DONE;
}

try {
  console.log(await run());
} catch (error) {
  console.error(`seed: ${(error as Error).message}`);
  process.exitCode = 1;
}
