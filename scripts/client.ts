// `npm run client` makes the client's types from the document that the Worker serves, and builds the package into
// client/dist.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { typesFile, typesOf } from './client-types.ts';
import { servedDocument } from './document.ts';
import { root } from './wrangler.ts';

writeFileSync(typesFile, typesOf(await servedDocument()));
rmSync(`${root}client/dist`, { recursive: true, force: true });
const { status } = spawnSync(`${root}node_modules/.bin/tsc`, ['-p', `${root}client`], { stdio: 'inherit' });

process.exitCode = status ?? 1;
