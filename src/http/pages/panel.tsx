// A page that stands alone: the name of the service, a title, and the content.
import type { Child } from 'hono/jsx';
import type { Context } from '../context.ts';
import { brandOf } from './brand.ts';
import { type Page, respondPage, Wordmark } from './layout.tsx';

interface PanelPage extends Omit<Page, 'brand' | 'bar'> {
  /** Above the content; the title of the document where it is left out. */
  readonly heading?: string;
}

/** Responds with a page of one panel, in the look of the service. */
export async function respondPanel(c: Context, { heading, ...page }: PanelPage, content: Child): Promise<Response> {
  const brand = await brandOf(c);
  return respondPage(
    c,
    { ...page, brand },
    <section class="panel">
      <Wordmark brand={brand} />
      <h1>{heading ?? page.title}</h1>
      {content}
    </section>,
  );
}
