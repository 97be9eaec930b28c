// The state of an import, in a file beside its input, from which a stopped run continues.
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ImportCommand } from './options.ts';
import { newTally, type Tally } from './tally.ts';

export interface State {
  /** The values that must be the same to continue a run: the input, the target and the options. */
  readonly run: string;
  readonly tally: Tally;
  /** The length of the file of refused lines. */
  refusedBytes: number;
}

const fileOf = ({ file }: ImportCommand): string => `${file}.import.json`;

/** The state of a run that was stopped, or a new one. */
export function loadState(command: ImportCommand): State {
  const fresh: State = { run: runOf(command), tally: newTally(), refusedBytes: 0 };
  if (command.dryRun || !existsSync(fileOf(command))) return fresh;
  const found = JSON.parse(readFileSync(fileOf(command), 'utf8')) as State; // as saveState wrote it
  return found.run === fresh.run ? found : fresh;
}

/** Written whole or not at all. */
export function saveState(command: ImportCommand, state: State): void {
  if (command.dryRun) return;
  const file = fileOf(command);
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export const removeState = (command: ImportCommand): void => rmSync(fileOf(command), { force: true });

function runOf({ file, from, origin, map, table, options }: ImportCommand): string {
  const { size, mtimeMs } = statSync(file);
  return JSON.stringify({ size, mtimeMs, from, origin, map: [...map], table, options });
}
