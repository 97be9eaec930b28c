// The refused lines, in a file of their own to correct and import again: only its owner can read it.
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Result } from './tally.ts';

export interface RefusedLines {
  /** Adds a line with the reason beside its fields, and returns the length of the file. */
  add(line: string, result: Result): number;
  /** Removes the file where nothing was refused. */
  close(): void;
}

/** Opens the file, and drops everything behind `bytes`, which a stopped run may have written. */
export function refusedLines(file: string, bytes: number): RefusedLines {
  const descriptor = openSync(file, bytes === 0 ? 'w' : 'r+', 0o600);
  ftruncateSync(descriptor, bytes);
  let length = bytes;
  return {
    add(line, { code, path }) {
      length += writeSync(descriptor, `${withReason(line, { code, path })}\n`, length);
      return length;
    },
    close() {
      closeSync(descriptor);
      if (length === 0) rmSync(file);
    },
  };
}

/** An import passes over fields that it does not know, so the reason may stay where it is. */
function withReason(line: string, refused: object): string {
  try {
    const fields: unknown = JSON.parse(line);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return JSON.stringify({ ...fields, refused });
  } catch {
    // The line was refused for not being JSON.
  }
  return line;
}
