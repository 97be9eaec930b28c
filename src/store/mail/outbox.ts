// The outbox in D1: a claim moves a mail's next attempt before it is made.
import { type InferSelectModel, sql } from 'drizzle-orm';
import type { MailKind } from '../../domain/mail/mail.ts';
import { FIRST_WAIT_MS, type Outbox, type QueuedMail, WAIT_DOUBLINGS } from '../../domain/mail/outbox.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import { type Database, retried } from '../d1/database.ts';
import { mails, oneTimeTokens } from '../d1/schema/mail.ts';

/**
 * The wait behind this attempt, with up to half of it more, so that mails that failed together are not tried together
 * again.
 */
const WAIT = sql`(${FIRST_WAIT_MS} << min(${WAIT_DOUBLINGS}, ${mails.attempts}))`;
const WITH_JITTER = sql`${WAIT} + abs(random()) % (${WAIT} / 2)`;

export const outboxIn = (database: Database): Outbox => ({
  async claim(which, limit, now) {
    const due = sql`${mails.dueAt} <= ${now} AND ${mails.givenUpAt} IS NULL`;
    const wanted = which === 'any' ? sql`1` : sql`id IN (SELECT value FROM json_each(${JSON.stringify(which)}))`;
    const claimed = await database.primary
      .update(mails)
      .set({ attempts: sql`${mails.attempts} + 1`, dueAt: sql`${now} + ${WITH_JITTER}`, lastError: null })
      .where(sql`id IN (SELECT id FROM ${mails} WHERE ${due} AND ${wanted} ORDER BY ${mails.dueAt} LIMIT ${limit})`)
      .returning(CLAIMED);
    return claimed.map(queuedFrom);
  },

  async extendLink({ tokenId }, expiresAt) {
    const extended = await database.primary
      .update(oneTimeTokens)
      .set({ expiresAt })
      .where(sql`${oneTimeTokens.id} = ${tokenId} AND ${oneTimeTokens.endedAt} IS NULL`)
      .returning({ id: oneTimeTokens.id });
    return extended.length > 0;
  },

  async remove({ id }) {
    // A mail that was sent and is still here would be sent again.
    await retried(() => database.primary.delete(mails).where(sql`${mails.id} = ${id}`).execute());
  },

  async recordFailure({ id }, reason) {
    await database.primary.update(mails).set({ lastError: reason }).where(sql`${mails.id} = ${id}`);
  },

  async giveUp({ id, accountId, kind }, reason, now) {
    const db = database.primary;
    const audit = { actorId: null, ip: null, userAgent: null, now };
    const waiting = sql`${mails.id} = ${id} AND ${mails.givenUpAt} IS NULL`;
    const event = {
      action: 'mail.given_up',
      from: sql`FROM ${mails} WHERE ${waiting}`,
      account: sql`${accountId}`,
    } as const;
    await batchOf(db, {
      event: auditEach(db, { ...event, detail: sql`json_object('kind', ${kind})` }, audit),
      mail: db.update(mails).set({ givenUpAt: now, lastError: reason }).where(waiting),
    });
  },
});

/** The mail of a claimed row. The kind and the detail are as `queueMail` wrote them. */
const queuedFrom = ({ kind, detail, ...mail }: Claimed): QueuedMail => ({
  ...mail,
  kind: kind as MailKind,
  detail: JSON.parse(detail) as QueuedMail['detail'],
});

const CLAIMED = {
  id: mails.id,
  kind: mails.kind,
  accountId: mails.accountId,
  recipient: mails.recipient,
  detail: mails.detail,
  tokenId: mails.tokenId,
  createdAt: mails.createdAt,
  attempts: mails.attempts,
};

type Claimed = Pick<InferSelectModel<typeof mails>, keyof typeof CLAIMED>;
