// `npm run admin -- --email E [--promote ID] [--remote]` makes an admin, here or on the deployed database.
import { parseArgs } from 'node:util';
import { parseEmail } from '../src/domain/accounts/names.ts';
import { addAdmin, type FoundAccount, findByEmail, promote } from './admin-account.ts';
import { randomPassword } from './password.ts';
import { givenPassword } from './password-input.ts';
import { migrate, type Place } from './wrangler.ts';

const USAGE = `npm run admin -- --email E [--promote ID] [--remote]
The password is typed, or read from stdin if that is not a terminal; if it is empty, one is generated.`;

interface Request {
  readonly email: string;
  readonly place: Place;
  /** The id of the account that may be promoted. */
  readonly promote: number | undefined;
}

function optionsOf(args: readonly string[]) {
  const options = { email: { type: 'string' }, promote: { type: 'string' }, remote: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch {
    return {};
  }
}

function requestOf(args: readonly string[]): Request {
  const values = optionsOf(args);
  const id = values.promote;
  if (!values.email || (id !== undefined && !/^\d{1,15}$/.test(id))) throw new Error(`usage: ${USAGE}`);
  const email = parseEmail(values.email);
  if (!email) throw new Error('that is not an email address');
  return { email, place: values.remote ? '--remote' : '--local', promote: id === undefined ? undefined : Number(id) };
}

/** Quotes a text as one word of a shell. */
const word = (text: string): string => (/^[\w@.+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/**
 * The error for a taken email. Anybody may have signed up with it: the operator checks the account and names its id.
 */
function alreadyThere({ id, username, email, role, active, createdAt }: FoundAccount, request: Request): Error {
  const remote = request.place === '--remote' ? ' --remote' : '';
  const named = request.promote === undefined ? '' : `, which is not account ${request.promote}`;
  return new Error(`an account has that email already${named}; nothing was changed:

  id         ${id}
  username   ${username ?? '(none)'}
  email      ${email}
  role       ${role}${active ? '' : ', deactivated'}
  signed up  ${new Date(createdAt).toISOString()}

An email proves nothing: anybody may have signed up with it. If this is the right account, the following
makes it an active admin with a new password, and ends its sessions:

  npm run admin -- --email ${word(request.email)} --promote ${id}${remote}`);
}

async function run(request: Request): Promise<string> {
  const { email, place } = request;
  // A deploy, whose output somebody reads, migrates the deployed database; the local one may not exist yet.
  if (place === '--local') await migrate(place);
  const existing = await findByEmail(place, email);
  if (existing && existing.id !== request.promote) throw alreadyThere(existing, request);
  if (!existing && request.promote !== undefined)
    throw new Error(`nobody has the email ${email}, so there is nobody to promote`);
  const given = await givenPassword();
  const password = given ?? randomPassword();
  if (existing) await promote(place, existing, password);
  else await addUnlessThere(request, password);
  const ended = existing ? '\nIts sessions have ended; an access token that it had works until it expires.' : '';
  const shown = given === undefined ? `\nPassword (shown this once): ${password}` : '';
  return `${email} is an admin now.${ended}${shown}`;
}

async function addUnlessThere(request: Request, password: string): Promise<void> {
  const first = await addAdmin(request.place, request.email, password);
  if (first !== 'added') throw alreadyThere(first, request);
}

try {
  console.log(await run(requestOf(process.argv.slice(2))));
} catch (error) {
  console.error(`admin: ${(error as Error).message}`);
  process.exitCode = 1;
}
