import type { Attachment, Email } from 'postal-mime'
import PostalMime from 'postal-mime'
import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { readEmbedded } from '../embedded'
import { MAX_MAIL_PARTS, MAX_MAILBOX_MAILS } from '../limits'
import { readHtml } from '../text/html'
import { addParagraphs } from '../text/plain'
import { breathe, type InnerTools } from '../tools'
import { noteHeaders } from './headers'
import { splitMailbox } from './mailbox'
import { boundParts } from './parts'

/**
 * A mail, or a mailbox file with one page a mail: headers as metadata, the body as text, attachments as files of their own (mails
 * in mails too). Broken MIME is read as far as it goes.
 */
export async function parseMail(bytes: Uint8Array, _name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const draft = new Draft('eml', detected.mediaType)
  const mails = detected.mediaType === 'application/mbox' ? splitMailbox(bytes) : [bytes]
  if (mails.length > 1) draft.note('mails', String(mails.length))
  for (const [index, mail] of mails.slice(0, MAX_MAILBOX_MAILS).entries()) {
    await readMail(draft, mail, index === 0, tools)
    await draft.putAway(tools)
    tools.progress?.(`Read mail ${index + 1} of ${mails.length}`, (index + 1) / mails.length)
    await breathe(tools)
  }
  if (mails.length > MAX_MAILBOX_MAILS) draft.leaveOut(`Only the first ${MAX_MAILBOX_MAILS} of ${mails.length} mails were read.`)
  return await draft.close(tools)
}

async function readMail(draft: Draft, bytes: Uint8Array, isFirst: boolean, tools: InnerTools): Promise<void> {
  const bounded = boundParts(bytes)
  if (bounded.parts > MAX_MAIL_PARTS)
    draft.leaveOut(
      `Only the first ${MAX_MAIL_PARTS} of ${bounded.parts} parts of the mail were read; ${bounded.parts - MAX_MAIL_PARTS} were left out.`,
    )
  const mail = await PostalMime.parse(bounded.bytes, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: 100,
  })
  draft.startPage()
  noteHeaders(draft, mail, isFirst)
  addBody(draft, mail)
  for (const attachment of mail.attachments) await readAttachment(draft, attachment, mail, tools)
}

/** The plain text where there is one, else what the HTML shows. */
function addBody(draft: Draft, mail: Email): void {
  const title = draft.document.title
  if (mail.text?.trim()) addParagraphs(draft, mail.text)
  else if (mail.html) readHtml(draft, mail.html)
  // A heading in the body is not the mail's title: the subject is.
  draft.document.title = title
}

async function readAttachment(draft: Draft, attachment: Attachment, mail: Email, tools: InnerTools): Promise<void> {
  const bytes = typeof attachment.content === 'string' ? new TextEncoder().encode(attachment.content) : new Uint8Array(attachment.content)
  const name = attachment.filename ?? fallbackName(attachment)
  const inline = isInlinePicture(attachment, mail) ? 'A picture of the mail’s layout.' : undefined
  await readEmbedded(draft, { name, mediaType: attachment.mimeType, bytes }, inline ? { ...tools, take: undefined } : tools, {
    keepUnread: inline,
  })
}

/** Small pictures that the HTML shows are signatures and logos: they are listed, neither stored nor read. */
const isInlinePicture = ({ mimeType, related, contentId, content }: Attachment, mail: Email): boolean =>
  mimeType.startsWith('image/') &&
  Boolean(related || (contentId && mail.html?.includes(`cid:${contentId.replace(/^<|>$/g, '')}`))) &&
  (typeof content === 'string' ? content.length : content.byteLength) < 30_000

const EXTENSIONS: Record<string, string> = {
  'message/rfc822': 'eml',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
}

const fallbackName = ({ mimeType, description }: Attachment): string =>
  `${description || 'attachment'}.${EXTENSIONS[mimeType] ?? mimeType.split('/')[1] ?? 'bin'}`
