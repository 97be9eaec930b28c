// `npm run seed` fills the local database with something to look at. It may be run again: what is there stays as it is.
import { parseArgs } from 'node:util';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, seedAccounts } from './seed-accounts.ts';
import { migrate } from './wrangler.ts';

const accounts = (): string =>
  DEMO_ACCOUNTS.map(({ username, email, role }) => `  ${(username ?? '').padEnd(14)} ${(email ?? '').padEnd(24)} ${role}`).join('\n');

async function run(): Promise<string> {
  const { values } = parseArgs({ options: { remote: { type: 'boolean' } } });
  if (values.remote) throw new Error('demo accounts have passwords that everybody knows; they are made locally only');
  await migrate('--local');
  await seedAccounts();
  return `Demo accounts, all with the password "${DEMO_PASSWORD}":\n\n${accounts()}`;
}

try {
  console.log(await run());
} catch (error) {
  console.error(`seed: ${(error as Error).message}`);
  process.exitCode = 1;
}
