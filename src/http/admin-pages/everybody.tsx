// Ending everybody's sessions, which a typed word confirms.
import type { FC } from 'hono/jsx';
import { isRefusal } from '../../domain/refusal.ts';
import { endEverybody } from '../../domain/sessions/everybody.ts';
import type { Api } from '../context.ts';
import { FormToken, Labelled, Notice } from '../pages/components.tsx';
import { respondPage } from './layout.tsx';
import { type Call, pagesIn, recentCall } from './pages.ts';

const PATH = '/admin/users/end-everybody';
const WORD = 'everybody';

export function everybodyPage(api: Api): void {
  const { get, post } = pagesIn(api);

  get(PATH, (call) => show(call));

  post(PATH, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    if (call.form.word?.trim().toLowerCase() !== WORD)
      return show(call, `Nothing was done: type “${WORD}” to confirm.`);
    const ended = await endEverybody(call.ports.massEndings, call.audit);
    if (isRefusal(ended)) return ended;
    if (ended.isDone) return call.c.redirect('/admin/users?done=everybody', 303);
    return show(call, `${ended.accounts} accounts are signed out, and more are left: confirm again.`);
  });
}

const show = ({ c, signedIn }: Call, notice?: string) =>
  respondPage(
    c,
    { title: 'End everybody’s sessions?', section: 'Users', signedIn },
    <section class="ask">
      <h1>End everybody’s sessions?</h1>
      {notice && <Notice tone="bad">{notice}</Notice>}
      <p>
        Every session of every account ends but the one you are using now, and everybody signs in again. Access tokens
        stay valid until they expire, which is soon.
      </p>
      <Confirmation token={signedIn.formToken} />
    </section>,
  );

const Confirmation: FC<{ token: string }> = ({ token }) => (
  <form method="post" action={PATH} class="stack">
    <FormToken token={token} />
    <Labelled id="word" label={`Type “${WORD}” to confirm`}>
      <input id="word" name="word" autocomplete="off" autocapitalize="none" spellcheck={false} required />
    </Labelled>
    <p class="actions">
      <button type="submit" class="danger">
        End everybody’s sessions
      </button>
      <a class="button" href="/admin/users">
        Cancel
      </a>
    </p>
  </form>
);
