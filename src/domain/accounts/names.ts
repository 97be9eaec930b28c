// Usernames and emails: how they are validated, displayed, and matched without regard to case.

const MAX_EMAIL_LENGTH = 254;
const MAX_USERNAME_LENGTH = 150;

// The pattern of HTML's email input (HTML Living Standard, "valid email address"), in two parts.
const LOCAL_PART = "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const EMAIL = new RegExp(`^${LOCAL_PART}@${LABEL}(?:\\.${LABEL})*$`);

// Control, format, unassigned and surrogate code points, separators other than the plain space, and characters that are
// ambiguous in a path or beside an email.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}@/]|(?! )\p{Zs}/u;

// Code points that show nothing: the default-ignorable ones (among them the Hangul fillers U+115F, U+1160 and U+3164,
// and U+180E), and others whose glyph is blank: Braille, Egyptian and Khitan blanks, the musical null notehead, and the
// object replacement character.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u;

const LATIN = /\p{Script=Latin}/u;
const CYRILLIC_OR_GREEK = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

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

export type UsernameFault = 'unprintable' | 'invisible' | 'mixed_scripts';

/**
 * Why a text cannot be a new username. A username must not look like another one: it has no invisible characters, and
 * no Latin letters beside Cyrillic or Greek ones (UTS 39 §5.2, "Moderately Restrictive"). Other scripts mix. Existing
 * names are looked up as they are.
 */
export function usernameFault(text: string): UsernameFault | undefined {
  const username = normaliseName(text);
  if (INVISIBLE.test(username)) return 'invisible';
  if (!fits(username) || UNPRINTABLE.test(username)) return 'unprintable';
  return LATIN.test(username) && CYRILLIC_OR_GREEK.test(username) ? 'mixed_scripts' : undefined;
}

function fits(username: string): boolean {
  const { length } = [...username];
  return length >= 1 && length <= MAX_USERNAME_LENGTH && username !== '.' && username !== '..';
}

/** The username of an imported account, which may look like another one, as usernames of older accounts may. */
export function parseExistingUsername(text: string): string | undefined {
  const username = normaliseName(text);
  return fits(username) && !UNPRINTABLE.test(username) ? username : undefined;
}

/** The username as it is stored; undefined for a text that no account can have. */
export const parseUsername = (text: string): string | undefined =>
  usernameFault(text) === undefined ? normaliseName(text) : undefined;
