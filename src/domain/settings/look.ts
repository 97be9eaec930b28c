// The settings of the look of pages: the name of the service, its colour and its logo.
import type { SettingDefinition } from './kinds.ts';

export const LOOK_SETTINGS = {
  SERVICE_NAME: {
    kind: 'text',
    default: 'Latchkey',
    minLength: 1,
    maxLength: 64,
    description: 'What this service is called in mails, on pages and in authenticator apps.',
  },
  ACCENT_COLOR: {
    kind: 'color',
    default: '',
    description:
      'The colour of buttons, links and the bar on the pages of /id and /oauth, as #rrggbb. It is darkened or ' +
      'lightened until text can be read.',
  },
  LOGO_URL: {
    kind: 'url',
    default: '',
    description:
      'The address of a picture beside the name on the pages of /id and /oauth. Browsers load it from there; nothing ' +
      'else is loaded from anywhere.',
  },
} as const satisfies Record<string, SettingDefinition>;
