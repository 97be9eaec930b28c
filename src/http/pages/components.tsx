// Small components of pages.
import type { Child, FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import { timestamp } from '../shapes/fields.ts';

export const nameOf = ({ id, email, username }: Account): string => email ?? username ?? `#${id}`;

/** A time in UTC to the minute, with the seconds in its title. */
export const Moment: FC<{ at: number }> = ({ at }) => {
  const iso = timestamp(at);
  return (
    <time datetime={iso} title={iso}>
      <span>{iso.slice(0, 10)}</span> <span class="hour">{iso.slice(11, 16)}</span>
    </time>
  );
};

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

export const Badge: FC<{ tone?: Tone; children?: Child }> = ({ tone = 'plain', children }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

/** A message at the top of a page. */
export const Notice: FC<{ tone: Tone; children?: Child }> = ({ tone, children }) => (
  <div class={`notice ${tone}`} role={tone === 'good' ? 'status' : 'alert'}>
    {children}
  </div>
);

/** A label with its field: `children`, whose id is `id`. */
export const Labelled: FC<{ id: string; label: string; hint?: string | undefined; children?: Child }> = ({
  id,
  label,
  hint,
  children,
}) => (
  <div class="labelled">
    <label for={id}>{label}</label>
    {children}
    {hint && <small id={`${id}-hint`}>{hint}</small>}
  </div>
);

export const Choice: FC<{
  id: string;
  name: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  describedBy?: string | undefined;
  invalid?: true | undefined;
}> = ({ id, name, value, options, describedBy, invalid }) => (
  <select id={id} name={name} aria-describedby={describedBy} aria-invalid={invalid && 'true'}>
    {options.map(([option, words]) => (
      <option value={option} selected={option === value}>
        {words}
      </option>
    ))}
  </select>
);

/** Tells password managers whose password a form asks for. */
export const UsernameHint: FC<{ name: string }> = ({ name }) => (
  <input type="text" value={name} autocomplete="username" readonly hidden />
);

export const FormToken: FC<{ token: string }> = ({ token }) => <input type="hidden" name="form_token" value={token} />;

/** Links to the first and next page. `query` is the list's query without its cursor. */
export const Pager: FC<{
  path: string;
  query: Readonly<Record<string, string | undefined>>;
  next: string | null;
  first: boolean;
}> = ({ path, query, next, first }) => {
  if (first && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {!first && <a href={withQuery(path, query)}>First page</a>}
      {next !== null && (
        <a href={withQuery(path, { ...query, cursor: next })} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
};

export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
}
