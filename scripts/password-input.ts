// Reads a password from a terminal without echo, or from stdin. Other processes can read arguments, so it is never one.
import { isUtf8 } from 'node:buffer';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The time after which a script tells that it waits for the end of stdin. */
const PATIENCE_MS = 2000;

/** The password; undefined if it is empty. */
export async function givenPassword(): Promise<string | undefined> {
  return (await (process.stdin.isTTY ? typed() : piped())) || undefined;
}

async function typed(): Promise<string> {
  const password = await asked('Password (empty: one is generated): ');
  if (password !== '' && (await asked('The same again: ')) !== password) throw new Error('the two passwords differ');
  return password;
}

/** Asks without echo: readline puts the terminal in raw mode and echoes to a stream that discards. */
function asked(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  return new Promise<string>((resolve, reject) => {
    terminal.once('line', resolve);
    terminal.once('close', () => reject(new Error('no password was given')));
  }).finally(() => {
    terminal.close();
    process.stderr.write('\n');
  });
}

/** All of stdin without its trailing newline; empty for a closed stdin and for /dev/null. */
async function piped(): Promise<string> {
  const waiting = () => console.error('reading the password from stdin; empty: one is generated');
  const patience = setTimeout(waiting, PATIENCE_MS);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk);
  } finally {
    clearTimeout(patience);
  }
  const bytes = Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw new Error('the password is not UTF-8');
  return bytes.toString().replace(/\r?\n$/, '');
}
