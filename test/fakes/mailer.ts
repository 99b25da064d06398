import type { Mailer, OutgoingMail } from '../../workers/domain/ports'

/** Mails are kept in `sent`. */
export function createFakeMailer(): Mailer & { sent: OutgoingMail[] } {
  const sent: OutgoingMail[] = []
  return {
    sent,
    send: async (mail) => {
      sent.push(mail)
      return { messageId: mail.messageId ?? `<${sent.length}@fake.example>` }
    },
  }
}
