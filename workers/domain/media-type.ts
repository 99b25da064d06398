/** How many of the first bytes `sniffMediaType` looks at; more changes nothing. */
export const SNIFF_BYTES = 64 * 1024

const SIGNATURES: readonly { offset?: number; text: string; mediaType: string }[] = [
  { text: '%PDF-', mediaType: 'application/pdf' },
  { text: '{\\rtf', mediaType: 'application/rtf' },
  { text: '\x89PNG\r\n\x1a\n', mediaType: 'image/png' },
  { text: '\xff\xd8\xff', mediaType: 'image/jpeg' },
  { text: 'GIF8', mediaType: 'image/gif' },
  { text: 'II*\0', mediaType: 'image/tiff' },
  { text: 'MM\0*', mediaType: 'image/tiff' },
  { offset: 8, text: 'WEBP', mediaType: 'image/webp' },
  { text: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', mediaType: 'application/x-cfb' },
  { text: '\x1f\x8b', mediaType: 'application/gzip' },
  { text: '\x7fELF', mediaType: 'application/x-elf' },
  { text: 'MZ', mediaType: 'application/x-msdownload' },
]

const OFFICE = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
} as const

/** Folders of a ZIP's members that give an office format away. */
const MEMBERS = [
  ['word/', OFFICE.docx],
  ['xl/', OFFICE.xlsx],
  ['ppt/', OFFICE.pptx],
  [`mimetype${OFFICE.odt}`, OFFICE.odt],
] as const

/** Text has no signature: among these the name's ending decides, once the bytes have shown that it is text. */
const TEXT_ENDINGS: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  markdown: 'text/markdown',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  htm: 'text/html',
  eml: 'message/rfc822',
}

const MAIL_HEADER =
  /^(?:received|return-path|delivered-to|message-id|mime-version|from|to|subject|date|x-[\w-]+|dkim-signature|authentication-results):[ \t]/i

/**
 * The media type that the first bytes show. The name only chooses between kinds of plain text, and between office formats whose
 * first members do not tell. Unknown binary is `application/octet-stream`. Ingestion decides the format anew, with the whole file.
 */
export function sniffMediaType(head: Uint8Array, name: string): string {
  const latin = latin1(head.subarray(0, SNIFF_BYTES))
  const ending = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const signature = SIGNATURES.find(({ offset = 0, text }) => latin.startsWith(text, offset))
  if (signature !== undefined) return signature.mediaType
  if (latin.startsWith('PK\x03\x04') || latin.startsWith('PK\x05\x06')) return sniffZip(latin, ending)
  return sniffText(head.subarray(0, SNIFF_BYTES), latin, ending) ?? 'application/octet-stream'
}

function sniffZip(latin: string, ending: string): string {
  const member = MEMBERS.find(([prefix]) => latin.includes(prefix))
  if (member !== undefined) return member[1]
  const named = latin.includes('[Content_Types].xml') ? Object.entries(OFFICE).find(([key]) => key === ending)?.[1] : undefined
  return named ?? 'application/zip'
}

function sniffText(head: Uint8Array, latin: string, ending: string): string | undefined {
  const isWide = latin.startsWith('\xff\xfe') || latin.startsWith('\xfe\xff')
  if (!isWide && (latin.includes('\0') || looksBinary(head))) return undefined
  const start = latin
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .slice(0, 512)
  if (MAIL_HEADER.test(start)) return 'message/rfc822'
  if (/^<!doctype html|^<html[\s>]/i.test(start)) return 'text/html'
  if (start.startsWith('<?xml')) return 'application/xml'
  return TEXT_ENDINGS[ending] ?? (/^[{[]/.test(start) ? 'application/json' : 'text/plain')
}

/** Control characters other than white space and escape, more than one in fifty: no text in any single-byte encoding. */
function looksBinary(head: Uint8Array): boolean {
  let controls = 0
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) controls += 1
  return controls > head.length / 50
}

function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 8_192) text += String.fromCharCode(...bytes.subarray(start, start + 8_192))
  return text
}
