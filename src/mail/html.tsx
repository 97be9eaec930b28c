// A mail as HTML: one layout, no remote parts, readable at 320 px and in the dark. JSX escapes every value.
import { html, raw } from 'hono/html';
import type { FC } from 'hono/jsx';
import type { Circumstances, Content } from './content.ts';

/** For dark mode. Mail programs that ignore style elements still get the inline styles. */
const STYLE = `
@media (prefers-color-scheme: dark) {
  body, .page { background: #131916 !important; }
  .card { background: #1a221d !important; border-color: #303b34 !important; }
  .card, .card p, .card h1 { color: #ebe6d9 !important; }
  .card .fine, .card .fine td { color: #a4ada5 !important; }
  .card .button { background: #a5d3b6 !important; color: #10201a !important; }
}`;

const FONT = "font-family: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

const CARD = [
  'max-width: 520px; margin: 0 auto; padding: 24px',
  'background: #fffdf8; border: 1px solid #dcd5c5; border-top: 4px solid #1f4d3a',
  'color: #1c231f; line-height: 1.5; font-size: 16px',
].join('; ');
const BUTTON = [
  'display: inline-block; padding: 12px 20px; border-radius: 4px',
  'background: #1f4d3a; color: #f4efe2; text-decoration: none; font-weight: 600',
].join('; ');

interface MailProps {
  readonly service: string;
  readonly content: Content;
  readonly circumstances: Circumstances;
}

const Mail: FC<MailProps> = ({ service, content, circumstances }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{content.subject}</title>
      <style>{raw(STYLE)}</style>
    </head>
    <body style="margin: 0; background: #faf7f0">
      <main class="page" style={`background: #faf7f0; padding: 24px 12px; ${FONT}`}>
        <div class="card" style={CARD}>
          <p style="margin: 0 0 16px; font-weight: 600">{service}</p>
          <h1 style="margin: 0 0 16px; font-size: 20px; line-height: 1.3">{content.subject}</h1>
          {content.paragraphs.map((paragraph) => (
            <p style="margin: 0 0 16px; overflow-wrap: anywhere">{paragraph}</p>
          ))}
          {content.link && <LinkButton link={content.link} />}
          {content.advice && <p style="margin: 0 0 16px; overflow-wrap: anywhere">{content.advice}</p>}
          <Facts circumstances={circumstances} />
        </div>
      </main>
    </body>
  </html>
);

const LinkButton: FC<{ link: NonNullable<Content['link']> }> = ({ link: { label, url, validity } }) => (
  <>
    <p style="margin: 24px 0 12px">
      <a class="button" href={url} style={BUTTON}>
        {label}
      </a>
    </p>
    <p class="fine" style="margin: 0 0 16px; font-size: 14px; color: #566059; overflow-wrap: anywhere">
      {validity} If the button does not work, open this address: {url}
    </p>
  </>
);

const Facts: FC<{ circumstances: Circumstances }> = ({ circumstances: { time, address, device } }) => (
  <table class="fine" role="presentation" style="margin-top: 24px; font-size: 14px; color: #566059; border-spacing: 0">
    {[
      ['When', time],
      ['From', address],
      ['Device', device],
    ].map(([label, value]) => (
      <tr>
        <td style="padding: 0 12px 0 0; vertical-align: top">{label}</td>
        <td style="overflow-wrap: anywhere">{value}</td>
      </tr>
    ))}
  </table>
);

export const htmlOf = (props: MailProps): string => html`<!doctype html>${<Mail {...props} />}`.toString();
