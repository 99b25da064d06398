import type { DocumentFormat } from '../../domain/documents'
import { type Archive, openArchive } from './archive'
import { detectText } from './detect-text'
import { MAX_OFFICE_PARTS } from './limits'
import { openCompoundFile } from './ole'
import { refuse, refuseCorrupt, refuseEncrypted, refuseType } from './refusals'

export interface DetectedFormat {
  format: DocumentFormat
  mediaType: string
}

/**
 * The format of a file by its content. The name only decides between readings of the same plain text (Markdown, CSV, text).
 * Refuses with `invalid` and reason `empty`, `unsupported_type` (listing what is supported), `encrypted`, or, for a container
 * whose index is unreadable, `truncated` or `corrupt`.
 */
export function detectFormat(bytes: Uint8Array, name: string): DetectedFormat {
  if (bytes.length === 0 || isBlank(bytes)) throw refuse('empty', `"${name}" is empty; send a file with content.`)
  if (indexOfAscii(bytes.subarray(0, 1024), '%PDF-') >= 0) return { format: 'pdf', mediaType: 'application/pdf' }
  const image = IMAGES.find((candidate) => startsWith(bytes, candidate.magic))
  if (image) return { format: 'image', mediaType: image.mediaType }
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0x50, 0x4b, 0x05, 0x06]))
    return detectArchive(openArchive(bytes, `"${name}"`, MAX_OFFICE_PARTS), name)
  if (startsWith(bytes, OLE_MAGIC)) throw refuseCompoundFile(bytes, name)
  const refused = UNSUPPORTED.find((candidate) => startsWith(bytes.subarray(candidate.at ?? 0), candidate.magic))
  if (refused) throw refuseType(`${refused.what} ("${name}")`)
  const detected = detectText(bytes, name)
  if (detected === undefined) throw refuseType(`The binary content of "${name}"`)
  refuseFalseName(detected, name)
  return detected
}

/** Whether bytes begin as no binary format that is known here; text is to be told by `detectText`. */
export const isTextLike = (head: Uint8Array): boolean =>
  indexOfAscii(head.subarray(0, 1024), '%PDF-') < 0 &&
  ![...IMAGES, ...UNSUPPORTED, { magic: [0x50, 0x4b] }, { magic: OLE_MAGIC }].some((known) =>
    startsWith(head.subarray('at' in known ? (known.at ?? 0) : 0), known.magic),
  )

const OLE_MAGIC = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

const IMAGES = [
  { magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], mediaType: 'image/png' },
  { magic: [0xff, 0xd8, 0xff], mediaType: 'image/jpeg' },
]

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0))

const UNSUPPORTED: { magic: number[]; what: string; at?: number }[] = [
  { magic: [0x1f, 0x8b], what: 'A gzip file' },
  { magic: ascii('7z\u00bc\u00af'), what: 'A 7-Zip archive' },
  { magic: ascii('Rar!'), what: 'A RAR archive' },
  { magic: ascii('BZh'), what: 'A bzip2 file' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'An xz file' },
  { magic: ascii('ustar'), what: 'A tar archive', at: 257 },
  { magic: ascii('GIF8'), what: 'A GIF image' },
  { magic: ascii('RIFF'), what: 'A RIFF file (WebP, WAV or AVI)' },
  { magic: ascii('II*\0'), what: 'A TIFF image' },
  { magic: ascii('MM\0*'), what: 'A TIFF image' },
  { magic: ascii('ftyp'), what: 'A video or HEIC file', at: 4 },
  { magic: ascii('ID3'), what: 'An MP3 file' },
  { magic: ascii('OggS'), what: 'An Ogg file' },
  { magic: ascii('SQLite format 3'), what: 'An SQLite database' },
  { magic: ascii('\u007fELF'), what: 'A program' },
]

function detectArchive(archive: Archive, name: string): DetectedFormat {
  const has = (prefix: string) => archive.entries.some((entry) => entry.name.toLowerCase().startsWith(prefix))
  const mimetype = archive.find('mimetype')
  const declared = mimetype && !mimetype.encrypted && mimetype.size < 200 ? new TextDecoder().decode(mimetype.bytes()).trim() : ''
  if (declared.startsWith('application/vnd.oasis.opendocument')) return { format: 'odt', mediaType: declared }
  if (!archive.find('[Content_Types].xml')) return { format: 'zip', mediaType: 'application/zip' }
  if (has('xl/workbook.bin')) throw refuseType(`A binary Excel workbook ("${name}", .xlsb; save it as .xlsx)`)
  const office = OFFICE.find(({ folder }) => has(folder))
  return office ?? { format: 'zip', mediaType: 'application/zip' }
}

const OFFICE: (DetectedFormat & { folder: string })[] = [
  { folder: 'word/', format: 'docx', mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
  { folder: 'xl/', format: 'xlsx', mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  { folder: 'ppt/', format: 'pptx', mediaType: 'application/vnd.openxmlformats-officedocument.presentationml.presentation' },
]

/** Office files with a password are OLE2 containers around the encrypted package; the others are formats of before 2007. */
function refuseCompoundFile(bytes: Uint8Array, name: string): Error {
  const what = `"${name}"`
  const file = openCompoundFile(bytes, what)
  if (file.names.includes('EncryptedPackage') || file.names.includes('EncryptedSummary')) return refuseEncrypted(what)
  const word = file.stream('WordDocument')
  // Bit 8 of the flags word at offset 10 of Word's file information block: encrypted or obfuscated.
  if (word && word.length > 12 && ((word[11] ?? 0) & 1) === 1) return refuseEncrypted(what)
  const workbook = file.stream('Workbook') ?? file.stream('Book')
  if (workbook && isEncryptedWorkbook(workbook)) return refuseEncrypted(what)
  const old = OLD_FORMATS.find(({ stream }) => file.names.includes(stream))
  return refuseType(old ? `${old.what} (${what}; ${old.advice})` : `The OLE2 container ${what}`)
}

const OLD_FORMATS = [
  { stream: 'WordDocument', what: 'A Word 97–2003 document', advice: 'save it as .docx' },
  { stream: 'Workbook', what: 'An Excel 97–2003 workbook', advice: 'save it as .xlsx' },
  { stream: 'Book', what: 'An Excel 5 workbook', advice: 'save it as .xlsx' },
  { stream: 'PowerPoint Document', what: 'A PowerPoint 97–2003 presentation', advice: 'save it as .pptx' },
  { stream: '__properties_version1.0', what: 'An Outlook message', advice: 'save it as .eml' },
]

/** A FILEPASS record (47) among the first records of the workbook stream. */
function isEncryptedWorkbook(stream: Uint8Array): boolean {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  for (let at = 0, records = 0; at + 4 <= stream.length && records < 50; records++) {
    if (view.getUint16(at, true) === 47) return true
    at += 4 + view.getUint16(at + 2, true)
  }
  return false
}

/** Plain text under the name of a binary format is no text that somebody meant to send: the file is broken. */
export function refuseFalseName(detected: DetectedFormat, name: string): void {
  const extension = /\.(pdf|docx|xlsx|pptx|odt|ods|odp|zip|png|jpe?g)$/i.exec(name)?.[1]
  if (extension && detected.format === 'text')
    throw refuseCorrupt(`"${name}" holds plain text in place of a ${extension.toUpperCase()} file; it`)
}

const startsWith = (bytes: Uint8Array, magic: number[]): boolean => magic.every((byte, index) => bytes[index] === byte)

const isBlank = (bytes: Uint8Array): boolean => bytes.length < 4096 && bytes.every((byte) => byte <= 32)

/** Where an ASCII text stands in bytes, or -1. */
export function indexOfAscii(bytes: Uint8Array, text: string): number {
  const first = text.charCodeAt(0)
  for (let at = bytes.indexOf(first); at >= 0 && at + text.length <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    let length = 1
    while (length < text.length && bytes[at + length] === text.charCodeAt(length)) length++
    if (length === text.length) return at
  }
  return -1
}
