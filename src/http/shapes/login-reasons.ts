// Why a login with a password is refused, in the order in which the reasons are looked at. Each contract words them.

export const LOGIN_REASONS = [
  'too_many_attempts',
  'invalid_credentials',
  'second_factor_required',
  'invalid_second_factor',
  'account_disabled',
  'email_not_verified',
] as const;
