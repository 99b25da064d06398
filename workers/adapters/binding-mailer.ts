import { AppError } from '../domain/error'
import type { Mailer } from '../domain/ports'
import { buildMime } from './mime-message'

export interface BindingMailerOptions {
  binding: Pick<SendEmail, 'send'>
  /** Sender of mails that name none; its domain must be one that the account may send for. */
  from: string | undefined
}

/** Limit of the binding for a whole message. */
const MAX_MESSAGE_BYTES = 5 * 1024 * 1024

/**
 * Mail through Cloudflare's send_email binding: one message to each recipient, because the binding takes one.
 * Throws AppError with reason `not_sent` when the first recipient was refused, `unknown_outcome` when some may have been served.
 */
export function createBindingMailer({ binding, from }: BindingMailerOptions): Mailer {
  return {
    async send(mail) {
      const message = buildMime(mail, { from, now: new Date() })
      if (message.raw.length > MAX_MESSAGE_BYTES)
        throw new AppError('too_large', 'The mail is larger than 5 MB; send links in place of attachments.', { reason: 'not_sent' })
      const { EmailMessage } = await import('cloudflare:email')
      for (const [sent, recipient] of message.to.entries()) {
        try {
          await binding.send(new EmailMessage(message.from, recipient, message.raw))
        } catch (cause) {
          throw refusal(cause, sent)
        }
      }
      return { messageId: message.messageId }
    },
  }
}

function refusal(cause: unknown, sent: number): AppError {
  if (sent > 0)
    return new AppError('unavailable', `The mail went to ${sent} recipients, then the next was refused.`, {
      reason: 'unknown_outcome',
      cause,
    })
  const isPermanent = cause instanceof Error && /not allowed|not verified|invalid|disallowed|rejected/i.test(cause.message)
  return isPermanent
    ? new AppError(
        'invalid',
        'The mail was refused: the sender or a recipient is not allowed for this account; check its verified addresses.',
        { reason: 'not_sent', cause },
      )
    : new AppError('unavailable', 'The mail was not taken; it is tried again.', { reason: 'not_sent', cause })
}
