// Static assets made from packages. JavaScript, since npm runs it with any version of Node.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = `${root}node_modules/`;

/** A file that is there already stays untouched: `wrangler dev` reloads at every write. */
function write(file, content) {
  const target = `${root}public/assets/${file}`;
  if (existsSync(target) && readFileSync(target).equals(content)) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** The Worker serves Swagger UI itself. */
const SWAGGER = 'swagger-ui-dist';
const FILES = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'oauth2-redirect.js',
  'LICENSE',
  'NOTICE',
];

/** The passwords that PASSWORD_BREACH_CHECK refuses without a request, the most common ones first. */
const COMMON = '@zxcvbn-ts/language-common';
const COMMON_COUNT = 10_000;

// An install without devDependencies serves nothing, so it needs no assets.
if (existsSync(modules + SWAGGER))
  for (const file of FILES) write(`${SWAGGER}/${file}`, readFileSync(`${modules}${SWAGGER}/${file}`));
if (existsSync(modules + COMMON)) {
  const { dictionary } = await import(COMMON);
  write('common-passwords.txt', Buffer.from(dictionary['passwords-common'].slice(0, COMMON_COUNT).join('\n')));
}
