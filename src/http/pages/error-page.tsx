// The error pages: a heading, a sentence, and links to go on.
import type { Child } from 'hono/jsx';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { PROBLEMS } from '../errors/problem-texts.ts';
import { type Brand, brandOf, OWN_BRAND } from './brand.ts';
import { type Page, respondPage, Wordmark } from './layout.tsx';

interface ErrorPage {
  readonly status: NonNullable<Page['status']>;
  readonly title: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The differences between the error pages of /admin, /id and the provider. */
interface ErrorPageOptions {
  /** Texts that differ from those of the APIs. */
  readonly texts: Partial<Readonly<Record<Refusal['refused'], string>>>;
  /** Where to go on. */
  readonly links: (status: number) => Child;
  /** In the look of the service, or in Latchkey's own. */
  readonly look: 'service' | 'own';
}

/** Pages are not in the OpenAPI document. */
export interface PageErrorFormat {
  respond(c: Context, refusal: Refusal): Response | Promise<Response>;
}

export interface ErrorPages {
  readonly respondRefusal: (c: Context, refusal: Refusal) => Response | Promise<Response>;
  /** The answer to a form that none of our pages sent just now. */
  readonly sayStaleForm: (c: Context) => Response | Promise<Response>;
  /** The error format of unknown paths, methods and errors. */
  readonly format: PageErrorFormat;
}

const TEXTS: ErrorPageOptions['texts'] = {
  too_many_requests: 'Too many requests came from your address. Wait a few seconds and try again.',
  method_not_allowed: 'This page does not support that method.',
};

/** The error page of a stalled store does not wait longer for the brand in that store. */
const BRAND_MS = 1000;

const brandInTime = (c: Context): Promise<Brand> =>
  Promise.race([
    brandOf(c),
    new Promise<Brand>((resolve) => {
      setTimeout(() => resolve(OWN_BRAND), BRAND_MS);
    }),
  ]);

export function errorPagesWith({ texts, links, look }: ErrorPageOptions): ErrorPages {
  const respondError = async (c: Context, { status, title, text, headers = {} }: ErrorPage) => {
    const brand = look === 'own' ? OWN_BRAND : await brandInTime(c);
    return respondPage(
      c,
      { title, status, headers, brand },
      <section class="panel">
        <Wordmark brand={brand} />
        <h1>{title}</h1>
        <p>{text}</p>
        <p class="links">{links(status)}</p>
        <p class="fine">
          {status} · request {c.get('requestId')}
        </p>
      </section>,
    );
  };

  const respondRefusal = (c: Context, refusal: Refusal) => {
    const { status, title, detail } = PROBLEMS[refusal.refused];
    const text = texts[refusal.refused] ?? TEXTS[refusal.refused] ?? detail;
    return respondError(c, { status, title, text, headers: headersFor(refusal, status) });
  };

  return {
    respondRefusal,
    sayStaleForm: (c) => respondError(c, STALE_FORM),
    format: { respond: respondRefusal },
  };
}

const STALE_FORM: ErrorPage = {
  status: 403,
  title: 'Nothing was changed',
  text:
    'This form is older than your session, or did not come from this site. Go back, reload the page and try ' +
    'again.',
};
