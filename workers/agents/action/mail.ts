import * as z from 'zod'
import { fileKeys, safeFileName } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { OutgoingMail, Ports } from '../../domain/ports'
import { REPORT_FORMATS, REPORT_MEDIA_TYPES } from '../../domain/reports'
import { defineOperation } from '../agent'
import { performOnce } from './perform-once'

/** Limits of the send_email binding; SMTP servers commonly allow more. */
const MAX_RECIPIENTS = 50
const MAX_ATTACHMENT_BYTES = 5 * 1024 * 1024

const Address = z.email('write an address such as anna@example.com')
const Line = z.string().regex(/^[^\r\n]*$/, 'write it on one line')

const Input = z.object({
  to: z.union([Address, z.array(Address).min(1).max(MAX_RECIPIENTS)]),
  from: Address.optional(),
  subject: Line.min(1).max(300),
  text: z
    .string()
    .min(1)
    .max(256 * 1024),
  html: z
    .string()
    .max(256 * 1024)
    .optional(),
  /** Message-ID of the mail that this answers. */
  inReplyTo: z
    .string()
    .regex(/^<[^<>\s]+>$/, 'write a Message-ID such as <id@example.com>')
    .optional(),
  attachments: z
    .array(z.object({ reportId: z.string(), format: z.enum(REPORT_FORMATS) }))
    .max(10)
    .default([]),
})

const Receipt = z.object({
  messageId: z.string(),
  recipients: z.int(),
  sentAt: z.iso.datetime(),
  /** Who found, in place of an answer, that it went out. */
  confirmedBy: z.string().optional(),
})
type Receipt = z.infer<typeof Receipt>
type Attachment = NonNullable<OutgoingMail['attachments']>[number]

/** Sends one mail to all recipients; its Message-ID comes from the effect's key, so that copies can be recognised. */
export const mail = defineOperation({
  summary: 'Sends a mail, with reports attached where wanted, once.',
  input: Input,
  output: Receipt,
  hasEffects: true,
  makes: { own: true },
  timeoutMs: 90_000,
  example: { to: 'anna@example.com', subject: 'Invoice 42 is checked', text: 'The total adds up.' },
  async run({ attachments, to, ...rest }, context, ports) {
    const recipients = typeof to === 'string' ? [to] : to
    const files = await Promise.all(attachments.map(({ reportId, format }) => attachment(reportId, format, ports)))
    assertSize(files)
    const target = recipients.length === 1 ? (recipients[0] ?? '') : `${recipients[0]} and ${recipients.length - 1} more`
    context.progress(`Mailing ${target}`)
    const messageIdOf = (key: string) => `<${key}@${rest.from?.split('@')[1] ?? 'steward.invalid'}>`
    return await performOnce<Receipt>(
      context,
      {
        kind: 'mail',
        target,
        args: { to: recipients, ...rest, attachments },
        async act(key) {
          const sent = await ports.mailer.send({
            ...rest,
            to: recipients,
            attachments: files,
            messageId: messageIdOf(key),
          })
          return { messageId: sent.messageId, recipients: recipients.length, sentAt: ports.clock.now().toISOString() }
        },
        confirmed: (key, { confirmedBy, confirmedAt }) => ({
          ...{ messageId: messageIdOf(key), recipients: recipients.length, sentAt: confirmedAt },
          confirmedBy,
        }),
      },
      (receipt) => Receipt.parse(receipt),
    )
  },
})

async function attachment(
  reportId: string,
  format: (typeof REPORT_FORMATS)[number],
  ports: Pick<Ports, 'reports' | 'files'>,
): Promise<Attachment> {
  const [record, content] = await Promise.all([ports.reports.find(reportId), ports.files.read(fileKeys.report(reportId, format))])
  if (!record || !content)
    throw new AppError('not_found', `There is no report '${reportId}' as ${format}; attach one that an earlier step wrote.`)
  return { name: safeFileName(`${record.title}.${format}`), mediaType: REPORT_MEDIA_TYPES[format], content }
}

function assertSize(files: Attachment[]): void {
  const bytes = files.reduce((total, { content }) => total + content.length, 0)
  if (bytes > MAX_ATTACHMENT_BYTES)
    throw new AppError(
      'too_large',
      `Attachments may have ${MAX_ATTACHMENT_BYTES / 1024 / 1024} MB in all; send links to the larger reports.`,
    )
}
