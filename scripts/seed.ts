// `npm run seed` fills the local database with something to look at. It may be run again: what is there stays as it is.
import { parseArgs } from 'node:util';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedAccounts } from './seed-accounts.ts';
import { seedEntities, seedSomeEntities } from './seed-entities.ts';
import { migrate } from './wrangler.ts';

const accounts = (): string =>
  DEMO_ACCOUNTS.map(
    ({ username, email, role }) => `  ${(username ?? '').padEnd(14)} ${(email ?? '').padEnd(24)} ${role}`,
  ).join('\n');

/** How many entities are asked for. Throws for what is not a number of them. */
function countOf(entities: string): number {
  if (!/^\d{1,8}$/.test(entities)) throw new Error('--entities is how many entities to add');
  return Number(entities);
}

async function run(): Promise<string> {
  const { values } = parseArgs({ options: { remote: { type: 'boolean' }, entities: { type: 'string' } } });
  if (values.remote) throw new Error('demo accounts have passwords that everybody knows; they are made locally only');
  const count = values.entities === undefined ? undefined : countOf(values.entities);
  await migrate('--local');
  await seedAccounts();
  await (count === undefined ? seedSomeEntities() : seedEntities(count, (done) => console.log(`${done} entities`)));
  return `Demo accounts, all with the password "${DEMO_PASSWORD}":\n\n${accounts()}`;
}

try {
  console.log(await run());
} catch (error) {
  console.error(`seed: ${(error as Error).message}`);
  process.exitCode = 1;
}
