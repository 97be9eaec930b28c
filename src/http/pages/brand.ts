// The look of pages that settings decide: the name of the service, its accent colour and its logo.
import { DEFAULT_SETTINGS, type Settings } from '../../domain/settings/settings.ts';
import type { Context } from '../context.ts';

export interface Brand {
  readonly name: string;
  /** `#rrggbb`; empty for the colours of pages.css. */
  readonly accent: string;
  /** The address of a picture; empty for Latchkey's own, a key. */
  readonly logo: string;
}

const brandIn = ({ SERVICE_NAME: name, ACCENT_COLOR: accent, LOGO_URL: logo }: Settings): Brand => ({
  name,
  accent,
  logo,
});

/** The pages of administration are Latchkey's own. */
export const OWN_BRAND = brandIn(DEFAULT_SETTINGS);

/** The brand in force. Latchkey's own look where the settings cannot be read: an error page must not fail. */
export async function brandOf(c: Context): Promise<Brand> {
  try {
    return brandIn(await c.get('ports').settings.current(c.get('now')));
  } catch {
    return OWN_BRAND;
  }
}
