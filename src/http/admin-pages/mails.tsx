// The outbox: mails that wait, fail or were given up, each with its reason, and a button that tries one again.
import type { FC } from 'hono/jsx';
import { retryMail, type WaitingMail } from '../../domain/mail/outbox.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Badge, FormToken, Moment, Notice } from '../pages/components.tsx';
import { respondPage } from './layout.tsx';
import { pagesIn } from './pages.ts';

const PATH = '/admin/mails';
const MAX_LISTED = 100;
const MAIL_ID = /^[0-9a-f-]{36}$/;

export function mailPages(api: Api): void {
  const { get, post } = pagesIn(api);

  get(PATH, async ({ c, signedIn, ports }) => {
    const { givenUp, waiting } = await ports.outboxView.list(MAX_LISTED);
    return respondPage(
      c,
      { title: 'Mails', section: 'Mails', signedIn },
      <>
        <h1>Mails</h1>
        <p class="lead">A mail that fails is tried again for 24 hours, later each time. Sent mails are not stored.</p>
        {!ports.mailing.isConfigured && <Notice tone="bad">This service sends no mail: see docs/operations.md.</Notice>}
        {c.req.query('done') === 'retry' && <Notice tone="good">The mail is being tried again.</Notice>}
        <h2>Waiting</h2>
        <MailTable mails={waiting} token={signedIn.formToken} none="No mail waits to be sent." />
        <h2>Given up in the last week</h2>
        <MailTable mails={givenUp} token={signedIn.formToken} none="No mail was given up." />
      </>,
    );
  });

  post(`${PATH}/retry`, async ({ c, ports, audit, form }) => {
    const id = form.mail ?? '';
    // A mail that is not found was sent meanwhile, or is being sent.
    if (MAIL_ID.test(id)) {
      const due = await retryMail(ports, id, audit);
      if (isRefusal(due) && due.refused !== 'not_found') return due;
    }
    return c.redirect(`${PATH}?done=retry`, 303);
  });
}

const MailTable: FC<{ mails: readonly WaitingMail[]; token: string; none: string }> = ({ mails, token, none }) =>
  mails.length === 0 ? (
    <p class="none">{none}</p>
  ) : (
    <table>
      <thead>
        <tr>
          <th scope="col" class="roomy">
            To
          </th>
          <th scope="col">Kind</th>
          <th scope="col">Since (UTC)</th>
          <th scope="col">Next try</th>
          <th scope="col">Last failure</th>
          <th scope="col" class="thin">
            <span class="unseen">Try again</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {mails.map((mail) => (
          <MailRow mail={mail} token={token} />
        ))}
      </tbody>
    </table>
  );

const MailRow: FC<{ mail: WaitingMail; token: string }> = ({ mail, token }) => (
  <tr>
    <td data-label="To">
      <a href={`/admin/users/${mail.accountId}`}>{mail.recipient}</a>
    </td>
    <td data-label="Kind">{mail.kind.replaceAll('_', ' ')}</td>
    <td data-label="Since">
      <Moment at={mail.createdAt} />
    </td>
    <td data-label="Next try">
      {mail.givenUpAt === null ? <Moment at={mail.dueAt} /> : <Badge tone="bad">None</Badge>}
    </td>
    <td data-label="Failure">
      {mail.lastError ?? <span class="fine">none</span>}
      {mail.attempts > 0 && <small>{mail.attempts === 1 ? '1 try' : `${mail.attempts} tries`}</small>}
    </td>
    <td class="end">
      {mail.lastError !== null && (
        <form method="post" action={`${PATH}/retry`}>
          <FormToken token={token} />
          <input type="hidden" name="mail" value={mail.id} />
          <button type="submit" class="quiet" aria-label={`Try again: ${mail.recipient}`}>
            Try again
          </button>
        </form>
      )}
    </td>
  </tr>
);
