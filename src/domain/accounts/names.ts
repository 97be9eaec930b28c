// Usernames and emails: how they are validated, displayed, and matched without regard to case.

const MAX_EMAIL_LENGTH = 254;
const MAX_USERNAME_LENGTH = 150;

// The pattern of HTML's email input (HTML Living Standard, "valid email address"), in two parts.
const LOCAL_PART = "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const EMAIL = new RegExp(`^${LOCAL_PART}@${LABEL}(?:\\.${LABEL})*$`);

// Control, format, unassigned and surrogate code points, separators other than the plain space, and what would be
// ambiguous in a path or beside an email.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}@/]|(?! )\p{Zs}/u;

/** Trimmed and NFKC-normalised, as names are stored and displayed. */
export const normaliseName = (text: string): string => text.normalize('NFKC').trim();

/** The key under which a name is unique and found. Lower, upper and lower case again fold ß, ẞ and SS together. */
export const foldKey = (text: string): string =>
  normaliseName(text).toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');

/** The email as it is stored; undefined for a text that HTML's email input would refuse. */
export function parseEmail(text: string): string | undefined {
  const email = normaliseName(text);
  return email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email) ? email : undefined;
}

/** The username as it is stored; undefined for a text that is not 1 to 150 printable characters. */
export function parseUsername(text: string): string | undefined {
  const username = normaliseName(text);
  const length = [...username].length;
  const fits = length >= 1 && length <= MAX_USERNAME_LENGTH && username !== '.' && username !== '..';
  return fits && !UNPRINTABLE.test(username) ? username : undefined;
}
