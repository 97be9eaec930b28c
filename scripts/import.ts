// `npm run import -- FILE` brings the accounts of another service, with their passwords: see docs/moving.md.
import { refuseHash } from '../src/domain/passwords/verifiers/table.ts';
import { batchesOf, type CheckedRecord } from './import/batches.ts';
import { type ImportCommand, parseCommand, USAGE } from './import/options.ts';
import { type Progress, startProgress } from './import/progress.ts';
import { type RefusedLines, refusedLines } from './import/refused.ts';
import { type AdminSession, signIn } from './import/session.ts';
import { loadState, removeState, type State, saveState } from './import/state.ts';
import { count, describe, type Result } from './import/tally.ts';

/** Only the Worker knows a project's parameters; here, any are enough to check the form of a hash. */
const ANY_PROJECT = { signerKey: new Uint8Array(64), saltSeparator: new Uint8Array(1), rounds: 8, memoryCost: 14 };

/** The results of a batch, one for each of its lines. Lines that the Worker would surely refuse are not sent. */
async function resultsOf(
  batch: readonly CheckedRecord[],
  session: AdminSession | undefined,
  { options }: ImportCommand,
): Promise<readonly Result[]> {
  const sent = batch.filter(({ refused }) => !refused);
  const answered = session && sent.length > 0 ? await importLines(session, sent, options) : [];
  let next = 0;
  return batch.map(({ refused }) => refused ?? answered[next++] ?? { result: 'imported' });
}

async function importLines(
  session: AdminSession,
  sent: readonly CheckedRecord[],
  options: ImportCommand['options'],
): Promise<readonly Result[]> {
  const { allowAdmins, replace, withoutPassword } = options;
  const query = new URLSearchParams({
    allow_admins: String(allowAdmins),
    replace: String(replace),
    without_password: String(withoutPassword),
  });
  const response = await session.send(`/api/admin/users/import/?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: sent.map(({ line }) => `${line}\n`).join(''),
  });
  const answer = (await response.json()) as { results?: (Result & { line: number })[]; detail?: string };
  if (!answer.results) throw new Error(`importing: ${answer.detail ?? response.status}`);
  const results: Result[] = [];
  for (const { line, ...result } of answer.results) results[line - 1] = result;
  return results;
}

// A run that is stopped between two batches repeats nothing.
let stopping = false;

/** Sends the records without a result in the state, batch by batch, and saves the state after each. */
async function importAll(
  command: ImportCommand,
  state: State,
  session: AdminSession | undefined,
  refused: RefusedLines,
  progress: Progress,
): Promise<void> {
  const { file, source, options } = command;
  const { tally } = state;
  let share = 0;
  const records = source(file, { ...command, allowAdmins: options.allowAdmins, onRead: (read) => (share = read) });
  const hashes = (hash: string) => refuseHash(hash, { firebase: ANY_PROJECT });
  for await (const batch of batchesOf(records, tally.records, { options, refuseHash: hashes, now: Date.now() })) {
    const results = await resultsOf(batch, session, command);
    for (const [index, { line, left }] of batch.entries()) {
      const result = results[index] ?? { result: 'refused' };
      count(tally, result, left);
      if (result.result === 'refused') state.refusedBytes = refused.add(line, result);
    }
    saveState(command, state);
    progress.show(tally, share);
    if (stopping) break;
  }
}

async function run(command: ImportCommand): Promise<string> {
  const { file, dryRun } = command;
  const state = loadState(command);
  const { tally } = state;
  const session = dryRun ? undefined : await signIn(command.origin);
  process.once('SIGINT', () => (stopping = true));
  // A dry run does not touch the file of a stopped run.
  const refusedFile = `${file}.${dryRun ? 'dry-run.' : ''}refused.ndjson`;
  const refused = refusedLines(refusedFile, state.refusedBytes);
  if (tally.records > 0) console.error(`Going on behind the first ${tally.records} accounts.`);
  const progress = startProgress(tally.records);
  try {
    await importAll(command, state, session, refused, progress);
  } finally {
    refused.close();
  }
  progress.end(stopping ? 'Stopped; the same command continues from here.' : 'Done.');
  if (!stopping) removeState(command);
  await session?.signOut();
  const mend = tally.refused > 0 ? `\nCorrect ${refusedFile} and import it, with --from latchkey.` : '';
  return `${describe(tally, dryRun ? 'could be imported' : 'imported')}${mend}`;
}

try {
  if (process.argv.includes('--help')) console.log(USAGE);
  else console.log(await run(parseCommand(process.argv.slice(2))));
  if (stopping) process.exitCode = 130;
} catch (error) {
  console.error(`import: ${(error as Error).message}`);
  process.exitCode = 1;
}
