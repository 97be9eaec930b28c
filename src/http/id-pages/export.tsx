// Exporting everything that is stored about one account, as a file.
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { streamOf } from '../operation/stream.ts';
import { FormToken } from '../pages/components.tsx';
import { piecesOf } from '../shapes/own-export.ts';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, recentCall } from './pages.ts';

const PATH = '/id/export';

export function exportPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, ({ c, visitor }) =>
    respondAccountPage(
      c,
      { title: 'Export your data', visitor },
      <>
        <BackToAccount />
        <h1>Export your data</h1>
        <p class="lead">
          A file (JSON) of everything that we store about you: your profile, where you are signed in, what you created,
          and what happened to your account. It holds no password and no secret.
        </p>
        <form method="post" action={PATH} class="actions">
          <FormToken token={visitor.formToken} />
          <button type="submit" class="primary">
            Download
          </button>
        </form>
      </>,
    ),
  );

  post(PATH, async (sent) => {
    const call = await recentCall(sent, 'always');
    if (isRefusal(call)) return call;
    const { c, ports, audit } = call;
    const own = await ports.ownData.begin('recorded', audit);
    if (isRefusal(own)) return own;
    const pieces = piecesOf(ports.ownData, own, await ports.factors.overview(own.account.id));
    return c.body(streamOf(pieces), 200, {
      'Content-Type': 'application/json',
      'Content-Disposition': 'attachment; filename="account.json"',
    });
  });
}
