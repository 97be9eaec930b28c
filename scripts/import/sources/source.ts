// A source reads the accounts of another service from a file, in the same order at every run, without holding all of
// them.

/** A line of the contract: see docs/moving.md. */
export interface ImportLine {
  readonly email?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly password_hash?: string | null | undefined;
  readonly email_verified?: boolean | undefined;
  readonly role?: string | undefined;
  readonly active?: boolean | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly created_at?: string | undefined;
  readonly refresh_tokens?: readonly { readonly token: string; readonly expires_at: string }[] | undefined;
}

export interface SourceRecord {
  /** As text where it is a line already. */
  readonly line: ImportLine | string;
  /** The names of the record's fields that have no place in the line. */
  readonly left: readonly string[];
}

export interface SourceOptions {
  /** The fields of `--map`, each with its column. */
  readonly map: ReadonlyMap<string, string>;
  /** The table of a SQLite file, or the model of a Django dump. */
  readonly table: string | undefined;
  /** Whether administrators of the other service become admins. */
  readonly allowAdmins: boolean;
  /** Called with the part of the file that has been read, from 0 to 1. */
  readonly onRead: (share: number) => void;
}

export type Source = (file: string, options: SourceOptions) => AsyncIterable<SourceRecord>;
