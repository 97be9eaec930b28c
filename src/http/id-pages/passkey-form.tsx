// The forms that passkeys.js fills in: a browser's authenticator answers the options, and the form sends the answer.
import type { z } from '@hono/zod-openapi';
import type { Child, FC } from 'hono/jsx';

export const PASSKEY_SCRIPTS = ['/assets/passkeys.js'];

interface PasskeyFormProps {
  readonly action: string;
  /** Whether the browser makes a passkey or uses one. */
  readonly kind: 'create' | 'get';
  /** WebAuthn's options as JSON. */
  readonly options: object;
  readonly button: string;
  readonly primary?: true;
  /** Whether the browser offers its passkeys in a field of the page as well. */
  readonly conditional?: true;
  readonly children?: Child;
}

/** Hidden until the script finds that the browser supports passkeys. */
export const PasskeyForm: FC<PasskeyFormProps> = ({
  action,
  kind,
  options,
  button,
  primary,
  conditional,
  children,
}) => (
  <form
    method="post"
    action={action}
    class={kind === 'create' ? 'stack passkey column' : 'stack passkey'}
    data-passkey={kind}
    data-options={JSON.stringify(options)}
    data-conditional={conditional && ''}
    hidden
  >
    <input type="hidden" name="credential" value="" />
    {children}
    <p class="error" role="alert" hidden />
    <button type="submit" class={primary && 'primary'}>
      {button}
    </button>
  </form>
);

/** The credential in a form's field; undefined where there is none. */
export function credentialIn<T>(text: string | undefined, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
