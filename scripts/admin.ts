// `npm run admin -- --email E [--password P] [--remote]` makes an admin, here or on the deployed database.
import { parseArgs } from 'node:util';
import { makeAdmin } from './admin-account.ts';
import { migrate, type Place } from './wrangler.ts';

const USAGE = 'npm run admin -- --email E [--password P] [--remote]';

async function run(): Promise<string> {
  const { values } = parseArgs({
    options: { email: { type: 'string' }, password: { type: 'string' }, remote: { type: 'boolean' } },
  });
  if (!values.email) throw new Error(`usage: ${USAGE}`);
  const place: Place = values.remote ? '--remote' : '--local';
  // The deployed database gets its migrations from a deploy, which someone reads; the local one may not exist yet.
  if (place === '--local') await migrate(place);
  const { email, newPassword } = await makeAdmin(place, values.email, values.password);
  return newPassword
    ? `${email} is an admin now.\nPassword (shown this once): ${newPassword}`
    : `${email} is an admin now.`;
}

try {
  console.log(await run());
} catch (error) {
  console.error(`admin: ${(error as Error).message}`);
  process.exitCode = 1;
}
