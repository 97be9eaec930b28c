// GET /id/accent/{rrggbb}.css: the stylesheet of an accent colour. The address determines its content.
import type { Api } from '../context.ts';
import { accentCss } from '../pages/accent.ts';

/** Limited because a later deployment may derive other colours. */
const MAX_AGE_SECONDS = 24 * 60 * 60;

export function accentStylesheet({ app }: Api): void {
  app.get('/id/accent/:file{[0-9a-f]{6}\\.css}', (c) =>
    c.body(accentCss(c.req.param('file').slice(0, -'.css'.length)), 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': `public, max-age=${MAX_AGE_SECONDS}`,
    }),
  );
}
