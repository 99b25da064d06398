import type { OneTimeToken, TokenPurpose } from '../domain/one-time-tokens'
import type { OutgoingMail } from '../domain/ports'

/** What a mail with a token says. `%CODE%`, `%TENANT%` and `%ADDRESS%` are filled in. */
const TEXTS = {
  invitation: {
    subject: 'Your invitation to %TENANT%',
    text: `You are invited to work in %TENANT% on Steward.

To join, enter this code with a name and a password of your own. It is good for seven days and for one person:

%CODE%

If you did not expect this, do nothing.`,
  },
  password_reset: {
    subject: 'Set a new password for %TENANT%',
    text: `Somebody asked to set a new password for %ADDRESS% in %TENANT% on Steward.

If that was you, enter this code with the new password. It is good once and for 30 minutes:

%CODE%

If it was not you, do nothing: the password stays as it is.`,
  },
  email_verification: {
    subject: 'Confirm your address for %TENANT%',
    text: `To confirm that %ADDRESS% is yours in %TENANT% on Steward, enter this code. It is good once and for 30 minutes:

%CODE%`,
  },
} as const satisfies Record<TokenPurpose, { subject: string; text: string }>

/** The mail that carries a token: the only place where the token itself is ever written. */
export function accountMail({ purpose, email }: Pick<OneTimeToken, 'purpose' | 'email'>, code: string, tenantName: string): OutgoingMail {
  const fill = (text: string) =>
    // A function, because `$` in a replacement text has a meaning.
    text.replace(/%(CODE|TENANT|ADDRESS)%/g, (_, name: string) => (name === 'CODE' ? code : name === 'TENANT' ? tenantName : email))
  const { subject, text } = TEXTS[purpose]
  return { to: [email], subject: fill(subject).replace(/\s+/g, ' '), text: fill(text) }
}
