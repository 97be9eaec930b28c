// Every call to D1 that an operation makes fails or stalls in turn, before or after it took effect; the operation
// itself says what must hold then.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from './client.ts';
import { type Fault, faultyD1 } from './faulty-d1.ts';

const FEW: readonly Fault[] = ['fails before', 'fails after', 'stalls after', 'is lost after'];
const FAULTS: readonly Fault[] = env.FAULTS === 'all' ? [...FEW, 'stalls before', 'is lost before'] : FEW;
/** The fixed words of every surface: a problem's code, OAuth's error, the envelope's message, and a page's. */
const UNAVAILABLE = new RegExp(
  [
    '"code":"unavailable"',
    '"error":"temporarily_unavailable"',
    'Service unavailable\\. Please try again\\.',
    'A store did not answer',
  ].join('|'),
);
/** Long enough for a password hash on a busy machine. */
const STALLED_MS = 250;

/** Sends over the D1 that fails. */
export const faulty = faultyD1(env.DB);
export const sound = newClient({ RATE_LIMITS: 'off' });
export const client = newClient({ RATE_LIMITS: 'off', DB: faulty.DB }, { clock: sound.clock, timeLimitMs: STALLED_MS });

/** One try of an operation, by a caller prepared for it. */
export interface Try {
  call(): Promise<Answer>;
  /** Checks what must hold afterwards, whatever the answer. */
  holds(answer: Answer): Promise<void>;
}

/**
 * Tries each operation under each fault of each of its calls, and annotates the number of faults that occurred: at
 * least `least`.
 */
export function underFaults(operations: Readonly<Record<string, () => Promise<Try>>>, least: number): void {
  let injected = 0;

  describe.each(Object.entries(operations))('%s', (_, ready) => {
    it.each(FAULTS)('is whole or not at all when D1 %s', async (fault) => {
      for (let number = 0; ; number += 1) {
        const { call, holds } = await ready();
        faulty.arm(number, fault);
        const answer = await call();
        faulty.disarm();
        if (!faulty.met()) break; // there is no such call
        injected += 1;
        if (answer.status >= 500)
          expect(answer).toMatchObject({ status: 503, text: expect.stringMatching(UNAVAILABLE) });
        await holds(answer);
      }
    });
  });

  it('leaves nothing half-written', async ({ annotate }) => {
    await annotate(`${injected} faults injected into D1`);
    expect(injected).toBeGreaterThanOrEqual(least);
    await whole();
  });
}

/** A write and its audit event succeed or fail together. */
async function whole(): Promise<void> {
  for (const broken of [
    'SELECT count(*) FROM accounts WHERE id NOT IN (SELECT account_id FROM audit_events WHERE action = ' +
      "'account.registered')",
    // An account's first session may have come with it, in the event of its registration.
    "SELECT count(*) FROM sessions AS s WHERE id NOT IN (SELECT json_extract(detail, '$.session_id') FROM " +
      "audit_events WHERE action = 'login.succeeded') AND EXISTS (SELECT 1 FROM sessions WHERE account_id = " +
      's.account_id AND rowid < s.rowid)',
    'SELECT count(*) FROM sessions WHERE revoked_at IS NOT NULL AND id NOT IN (SELECT json_extract(detail, ' +
      "'$.session_id') FROM audit_events WHERE action IN ('session.ended', 'session.revoked', " +
      "'session.reuse_detected'))",
    'SELECT count(*) FROM accounts WHERE id IN (SELECT account_id FROM audit_events WHERE action = ' +
      "'account.deleted') AND deleted_at IS NULL",
    'SELECT count(*) FROM sessions WHERE account_id NOT IN (SELECT id FROM accounts)',
    'SELECT count(*) FROM entities WHERE owner_id NOT IN (SELECT id FROM accounts)',
    'SELECT count(*) FROM entities WHERE id NOT IN (SELECT entity_id FROM entity_words)',
    'SELECT count(*) FROM entity_words WHERE entity_id NOT IN (SELECT id FROM entities)',
    'SELECT count(*) FROM idempotency_keys WHERE entity_id NOT IN (SELECT id FROM entities)',
    // A game whose write stalled halfway is left to the clean-up; nobody reads it.
    "SELECT count(*) FROM games WHERE state = 'complete' AND changes <> (SELECT count(*) FROM game_scores WHERE " +
      'game_id = games.id)',
    'SELECT count(*) FROM game_scores WHERE game_id NOT IN (SELECT id FROM games)',
  ]) {
    expect(await env.DB.prepare(broken).first('count(*)'), broken).toBe(0);
  }
}
