// Authorization codes in D1.
import type { Codes } from '../../domain/oauth/code.ts';
import type { Database } from '../d1/database.ts';
import { issue } from './code-issue.ts';
import { redeem } from './code-redemption.ts';

export const codesIn = (database: Database): Codes => ({
  issue: (code, audit) => issue(database.primary, code, audit),
  redeem: (presented, session, onlineUntil, audit) => redeem(database.primary, presented, session, onlineUntil, audit),
});
