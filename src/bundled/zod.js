// zod as the bundle has it: all but its 50 languages, which the package would carry along (260 KiB of source).
// wrangler.toml makes every import of `zod` this file; tests import the package itself.
import * as z from './zod.js';

export * from '../../node_modules/zod/v4/classic/checks.js';
export * as coerce from '../../node_modules/zod/v4/classic/coerce.js';
export * from '../../node_modules/zod/v4/classic/compat.js';
export * from '../../node_modules/zod/v4/classic/errors.js';
export * as iso from '../../node_modules/zod/v4/classic/iso.js';
export * from '../../node_modules/zod/v4/classic/parse.js';
export * from '../../node_modules/zod/v4/classic/schemas.js';
export {
  config,
  globalRegistry,
  NEVER,
  prettifyError,
  registry,
  treeifyError,
} from '../../node_modules/zod/v4/core/index.js';
export { z };
