// A cursor is the position of a page, in a form that nobody is tempted to make up or take apart.

/** The cursor of the page that starts at a position; null where there is none. */
export const cursorOf = (position: string | undefined): string | null =>
  position === undefined
    ? null
    : btoa(String.fromCharCode(...new TextEncoder().encode(position))).replace(/[+/=]/g, (char) => URL_SAFE[char] ?? '');

const URL_SAFE: Readonly<Record<string, string>> = { '+': '-', '/': '_', '=': '' };

/** The position that a cursor stands for; undefined where it is not one. */
export function positionOf(cursor: string): string | undefined {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** Whether this is a position in a list ordered by id. */
export const isId = (position: string): boolean => /^[1-9]\d{0,14}$/.test(position);
