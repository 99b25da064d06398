import { AppError } from '../domain/error'
import type { OutgoingMail } from '../domain/ports'

export interface MimeMessage {
  /** Envelope addresses, without names. */
  from: string
  to: string[]
  messageId: string
  /** RFC 5322: ASCII only, no line over 998 characters, CRLF at each end. */
  raw: string
}

interface Mailbox {
  name: string
  address: string
}

/**
 * A mail as it goes over the wire. Marked `Auto-Submitted: auto-generated`, so that well-behaved responders do not answer it.
 * Throws AppError `invalid` (reason `not_sent`) for addresses and headers that would break out of their line, for no sender or text.
 */
export function buildMime(mail: OutgoingMail, defaults: { from: string | undefined; now: Date }): MimeMessage {
  const from = parseMailbox(mail.from ?? defaults.from ?? wrong('No sender is known; set MAIL_FROM or give the mail a sender.'))
  if (mail.to.length === 0) wrong('The mail has no recipient; name one.')
  const to = mail.to.map(parseMailbox)
  const messageId = mail.messageId ?? `<${crypto.randomUUID()}@${domainOf(from.address)}>`
  const headers = [
    ['Date', defaults.now.toUTCString().replace('GMT', '+0000')],
    ['From', formatMailbox(from)],
    ['To', to.map(formatMailbox).join(',\r\n ')],
    ['Subject', encodeText(oneLine(mail.subject, 'subject'))],
    ['Message-ID', checkId(messageId)],
    ...(mail.inReplyTo === undefined
      ? []
      : [
          ['In-Reply-To', checkId(mail.inReplyTo)],
          ['References', checkId(mail.inReplyTo)],
        ]),
    ['Auto-Submitted', 'auto-generated'],
    ['MIME-Version', '1.0'],
  ]
  const raw = `${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${bodyOf(mail)}`
  return { from: from.address, to: to.map(({ address }) => address), messageId, raw }
}

function bodyOf({ text, html, attachments = [] }: OutgoingMail): string {
  const plain = part('text/plain; charset=utf-8', new TextEncoder().encode(text))
  const words =
    html === undefined ? plain : multipart('alternative', [plain, part('text/html; charset=utf-8', new TextEncoder().encode(html))])
  if (attachments.length === 0) return words
  return multipart('mixed', [
    words,
    ...attachments.map(({ name, mediaType, content }) =>
      part(checkMediaType(mediaType), content, `Content-Disposition: attachment; ${fileName(name)}\r\n`),
    ),
  ])
}

const part = (type: string, content: Uint8Array, more = ''): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${base64Lines(content)}\r\n`

function multipart(kind: 'mixed' | 'alternative', parts: string[]): string {
  // '=_' occurs in no base64 text, so the boundary cannot occur in a part.
  const boundary = `=_${crypto.randomUUID()}`
  return `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n${parts.map((one) => `--${boundary}\r\n${one}\r\n`).join('')}--${boundary}--\r\n`
}

function base64Lines(content: Uint8Array): string {
  const lines: string[] = []
  // 57 bytes make a line of 76 characters.
  for (let at = 0; at < content.length; at += 57) lines.push(btoa(String.fromCharCode(...content.subarray(at, at + 57))))
  return lines.join('\r\n')
}

/** RFC 5322 mailbox, with or without a name: `Anna <anna@example.com>`. */
function parseMailbox(text: string): Mailbox {
  const [, quoted = '', angled] = /^\s*(?:"?([^"<>]*?)"?\s*)?<([^<>]*)>\s*$/.exec(oneLine(text, 'address')) ?? []
  const address = (angled ?? text).trim()
  const match = /^([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64})@([^\s@"<>(),;:\\[\]]{1,253})$/.exec(address)
  if (!match?.[1] || !match[2] || !URL.canParse(`http://${match[2]}/`))
    wrong(`'${address.slice(0, 80)}' is no mail address; write it as anna@example.com.`)
  return { name: quoted, address: `${match?.[1]}@${new URL(`http://${match?.[2]}/`).hostname}` }
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
const formatMailbox = ({ name, address }: Mailbox): string => (name === '' ? address : `${encodeName(name)} <${address}>`)
const encodeName = (name: string): string => (/^[\x20-\x7e]*$/.test(name) ? `"${name.replace(/[\\"]/g, '\\$&')}"` : encodeText(name))

/** RFC 2047: what is not ASCII becomes encoded words, never split within a character, short enough for a line of 76 after `Subject: `. */
function encodeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && text.length <= 60) return text
  const words: string[] = []
  let bytes: number[] = []
  for (const character of text) {
    const more = new TextEncoder().encode(character)
    if (bytes.length + more.length > 39) {
      words.push(btoa(String.fromCharCode(...bytes)))
      bytes = []
    }
    bytes.push(...more)
  }
  return [...words, btoa(String.fromCharCode(...bytes))].map((word) => `=?utf-8?B?${word}?=`).join('\r\n ')
}

/** RFC 2231 for programs that know it, plain ASCII for the others. */
function fileName(name: string): string {
  const line = Array.from(oneLine(name, 'name of an attachment')).slice(-100).join('')
  const ascii = line.replace(/[^\x20-\x7e]|["\\%]/g, '_').slice(0, 100)
  if (ascii === line) return `\r\n filename="${ascii}"`
  const encoded = encodeURIComponent(line).replace(/['()*!]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
  return `\r\n filename="${ascii}";\r\n filename*=UTF-8''${encoded}`
}

const oneLine = (text: string, what: string): string =>
  /\p{Cc}/u.test(text) ? wrong(`The ${what} holds a line break or control character; remove it.`) : text
const checkId = (id: string): string =>
  /^<[\x21-\x3b\x3d\x3f-\x7e]{1,240}>$/.test(id) ? id : wrong('A Message-ID must be written as <id@example.com>.')
const checkMediaType = (type: string): string =>
  /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.-]+)*$/.test(type) ? type : wrong(`'${type.slice(0, 60)}' is no media type.`)

function wrong(message: string): never {
  throw new AppError('invalid', message, { reason: 'not_sent' })
}
