// `npm run deploy [-- --location weur] [--origin https://…] [--dry-run]` does all that a first deploy needs, and can be
// repeated.
import './assets.js';
import { parseArgs } from 'node:util';
import { type Deployment, STEPS } from './deployment.ts';
import { wrangler } from './wrangler.ts';

const LOCATIONS = ['weur', 'eeur', 'apac', 'oc', 'wnam', 'enam'];
const USAGE = `npm run deploy -- [--dry-run] [--location ${LOCATIONS.join('|')}] [--origin https://auth.example.com]`;

function asked(): Deployment & { readonly dryRun: boolean } {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean' },
      location: { type: 'string' },
      origin: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { location = 'weur', origin } = values;
  const isOrigin =
    origin === undefined || (URL.canParse(origin) && new URL(origin).origin === origin && origin.startsWith('https:'));
  if (values.help || !LOCATIONS.includes(location) || !isOrigin) throw new Error(`usage: ${USAGE}`);
  return { location, origin, newSecrets: {}, dryRun: values['dry-run'] ?? false };
}

/** Prints the commands without running them, but really builds the Worker: neither needs a network. */
async function rehearse({ location, origin = 'ORIGIN' }: Deployment): Promise<void> {
  for (const [index, { title, commands }] of STEPS.entries()) {
    const lines = commands.map((command) => `     ${command.replace('LOCATION', location).replace('ORIGIN', origin)}`);
    console.log([`${index + 1}. ${title}`, ...lines].join('\n'));
  }
  console.log(`\nThe Worker as it would be deployed:\n${await wrangler(['deploy', '--dry-run'])}`);
  console.log('Nothing was changed.');
}

async function perform(deployment: Deployment): Promise<void> {
  for (const [index, step] of STEPS.entries()) {
    process.stdout.write(`${index + 1}. ${step.title} … `);
    console.log(await step.run(deployment));
  }
  console.log(`\nMake an admin with: npm run admin -- --email you@example.com --remote`);
}

try {
  const deployment = asked();
  await (deployment.dryRun ? rehearse(deployment) : perform(deployment));
} catch (error) {
  console.error(`deploy: ${(error as Error).message}`);
  process.exitCode = 1;
}
