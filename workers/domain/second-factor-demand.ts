import { AppError } from './error'

/**
 * What a sign-in has to bring before it may do more than look after the own account. `to_enrol`: the person has no second factor yet, and
 * may get one. `to_prove`: they have one that this sign-in did not use, so it may not even touch it: whoever only knows the password
 * could else put a factor of their own beside it.
 */
export type SecondFactorLack = 'to_enrol' | 'to_prove'

const SENTENCES = {
  to_enrol:
    'Your company asks for a second factor: add a passkey on the account page of the dashboard, or an authenticator app with POST /api/v1/account/totp; until then this sign-in opens nothing else.',
  to_prove:
    'Your company asks for a second factor, and this sign-in did not use yours: sign in again with your passkey, or with password and code.',
} as const satisfies Record<SecondFactorLack, string>

/** The refusal of everything that the lack forbids: `forbidden`, reason `second_factor_required`. */
export const secondFactorRequired = (lack: SecondFactorLack): AppError =>
  new AppError('forbidden', SENTENCES[lack], { reason: 'second_factor_required' })
