// Changing a profile: its data is replaced, or merged with a patch, and its email is set or stays.
import type { AuthorizedContext } from '../audit-context.ts';
import { deliverChange, emailChangeMails } from '../email/change.ts';
import { validateJsonObject } from '../json-object.ts';
import type { Mailing } from '../mail/mail.ts';
import { mergePatch } from '../merge-patch.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { AccountCaller } from '../sign-in/caller.ts';
import type { Account } from './account.ts';
import {
  contextFor,
  type ProfileChange,
  type ProfilePorts,
  type ProfileTarget,
  type Unreached,
  unreached,
} from './profile.ts';

type ChangeRefusal = Unreached | Refusal<'email_taken' | 'identity_required' | 'too_many_requests'>;

interface ChangePorts extends ProfilePorts {
  readonly mailing: Mailing;
}

/** Replaces the profile's data; an email that is not given stays. */
export async function replaceProfile(
  ports: ChangePorts,
  target: ProfileTarget,
  change: ProfileChange,
  audit: AuthorizedContext,
): Promise<Account | ChangeRefusal> {
  const { profiles, mailing } = ports;
  const context = contextFor(target, audit);
  const mails = emailChangeMails(mailing, change.email, audit.now);
  const replaced = await profiles.replace(target, change, mails, 'any', context);
  if (replaced) {
    if (!isRefusal(replaced)) deliverChange(mailing, mails, audit.now);
    return replaced;
  }
  return (await profiles.find(target, context)) ? refuse('identity_required') : unreached(ports, target, audit);
}

/** A merge fails after this many concurrent changes in a row. */
const MERGE_ATTEMPTS = 50;

/**
 * Merges a patch into the profile's data (RFC 7396), and starts again where somebody else changed the data meanwhile.
 */
export async function mergeProfile(
  ports: ChangePorts,
  caller: AccountCaller,
  target: ProfileTarget,
  { email, data: patch }: ProfileChange,
  audit: AuthorizedContext,
): Promise<Account | ChangeRefusal | Refusal<'invalid_body' | 'unavailable'>> {
  const { profiles, mailing } = ports;
  const context = contextFor(target, audit);
  const mails = emailChangeMails(mailing, email, audit.now);
  // A session token's account was just read from the primary; an access token's may come from a replica.
  const isFresh = target === 'own' && caller.use === 'session';
  let current = isFresh ? caller.account : await profiles.find(target, context);
  for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
    if (!current) return unreached(ports, target, audit);
    if (email === null && current.username === null) return refuse('identity_required');
    const data = mergePatch(current.data, patch);
    const message = validateJsonObject(data);
    if (message) return refuse('invalid_body', { errors: [{ path: '', message }] });
    const merged = await profiles.replace(target, { email, data }, mails, current.data, context);
    if (merged) {
      if (!isRefusal(merged)) deliverChange(mailing, mails, audit.now);
      return merged;
    }
    current = await profiles.find(target, context);
  }
  return refuse('unavailable');
}
