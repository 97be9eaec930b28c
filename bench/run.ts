// `npm run bench`: our operations, the runtime's limits and a peer, in turn, in one run; `--json` for machines. Other
// modes answer other questions (docs/performance.md).
import { parseArgs } from 'node:util';
import { newSecrets } from '../scripts/key-set.ts';
import { compare } from './compare.ts';
import { distance } from './distance.ts';
import { flood } from './flood.ts';
import { open } from './open.ts';
import { installPeers } from './peers/install.ts';
import { rates } from './rates.ts';
import type { Bench, Report } from './report.ts';
import { rows } from './rows.ts';
import { scale } from './scale/simulation.ts';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    distance: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    flood: { type: 'boolean', default: false },
    open: { type: 'boolean', default: false },
    /** A git ref, whose version is measured beside this one. */
    compare: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string', default: '1.5' },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const { json, only, rounds, seconds } = given;
const bench: Bench = {
  options: { json, only, rounds: rounds === undefined ? undefined : Number(rounds), seconds: Number(seconds) },
  // The flood limits are for strangers; one benchmark would be all of them.
  bindings: { ...(await newSecrets()), ISSUER: 'http://localhost:8787', RATE_LIMITS: 'off' },
};

const { data, text, failures } = await reported();
console.log(json ? JSON.stringify(data, null, 2) : text);
for (const failure of failures) console.error(failure);
if (failures.length > 0) process.exitCode = 1;

async function reported(): Promise<Report> {
  if (given.scale) return scale();
  if (given.distance) return distance(bench);
  installPeers();
  if (given.flood) return flood(bench);
  if (given.rows) return rows(bench);
  if (given.open) return open(bench);
  return given.compare === undefined ? rates(bench) : compare(bench, given.compare);
}
