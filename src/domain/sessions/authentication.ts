// How and when the credentials behind a session were proven: the `amr` and `auth_time` of its tokens.

/** Authentication methods (RFC 8176 §2): a password, a code, a passkey of one device or a synced one, two factors. */
export type Method = 'pwd' | 'otp' | 'hwk' | 'swk' | 'user' | 'mfa';

export interface Authentication {
  readonly methods: readonly Method[];
  /** Milliseconds since the epoch; 0 where no credentials were proven here, as for an imported refresh token. */
  readonly at: number;
}

export const provedTwoFactors = ({ methods }: Authentication): boolean => methods.includes('mfa');

/** The authentication by a password alone. */
export const byPassword = (at: number): Authentication => ({ methods: ['pwd'], at });
