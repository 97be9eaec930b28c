// What pages look like by the settings: the name of the service, its accent colour and its logo.
import { DEFAULT_SETTINGS, type Settings } from '../../domain/settings/settings.ts';
import type { Context } from '../context.ts';

export interface Brand {
  readonly name: string;
  /** `#rrggbb`; empty for the colours of pages.css. */
  readonly accent: string;
  /** The address of a picture; empty for the key. */
  readonly logo: string;
}

const brandIn = ({ SERVICE_NAME: name, ACCENT_COLOR: accent, LOGO_URL: logo }: Settings): Brand => ({
  name,
  accent,
  logo,
});

/** The pages of administration are Latchkey's own. */
export const OWN_BRAND = brandIn(DEFAULT_SETTINGS);

/** The brand in force. A page that says that a store fails, or that nothing works, is shown without it. */
export async function brandOf(c: Context): Promise<Brand> {
  try {
    return brandIn(await c.get('ports').settings.current(c.get('now')));
  } catch {
    return OWN_BRAND;
  }
}
