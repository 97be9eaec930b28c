// Every mail with sample data, in development alone.
import { refuse } from '../../domain/refusal.ts';
import type { Api, Context } from '../context.ts';
import { respondPanel } from '../pages/panel.tsx';
import { respondRefusal } from './error-page.tsx';

/** A mail's styles are inline, and it loads nothing. */
const MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox";

export function mailSamplesPages({ app }: Api): void {
  const samplesOf = async (c: Context) => {
    const [ports, now] = [c.get('ports'), c.get('now')];
    const { SERVICE_NAME: service } = await ports.settings.current(now);
    return ports.sampleMails?.(service, now);
  };

  app.get('/id/mails', async (c) => {
    const samples = await samplesOf(c);
    if (!samples) return respondRefusal(c, refuse('not_found'));
    return respondPanel(
      c,
      { title: 'Mails', heading: 'Every mail, with sample data' },
      <ul>
        {samples.map(({ name, subject }) => (
          <li>
            <a href={`/id/mails/${name}`}>{subject}</a> (<a href={`/id/mails/${name}?as=text`}>text</a>)
          </li>
        ))}
      </ul>,
    );
  });

  app.get('/id/mails/:name', async (c) => {
    const sample = (await samplesOf(c))?.find(({ name }) => name === c.req.param('name'));
    if (!sample) return respondRefusal(c, refuse('not_found'));
    if (c.req.query('as') === 'text') return c.text(`Subject: ${sample.subject}\n\n${sample.text}`);
    return c.html(sample.html, 200, { 'Content-Security-Policy': MAIL_CSP });
  });
}
