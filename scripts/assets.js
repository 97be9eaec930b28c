// The Worker serves Swagger UI itself, from files copied out of its package. JavaScript, since npm runs it with whatever Node is there.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = `${root}node_modules/swagger-ui-dist/`;
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE'];

/** A file that is there already stays untouched: `wrangler dev` reloads at every write. */
function copy(file) {
  const target = `${root}public/assets/swagger-ui-dist/${file}`;
  const isSame = existsSync(target) && readFileSync(target).equals(readFileSync(source + file));
  if (!isSame) cpSync(source + file, target);
}

// An install without devDependencies serves nothing, so it needs no assets.
if (existsSync(source)) for (const file of FILES) copy(file);
