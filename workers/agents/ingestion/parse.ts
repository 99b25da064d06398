import { type DocumentFormat, fullText, type ParsedDocument } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { ByteStream } from './byte-stream'
import { type DetectedFormat, detectFormat, isTextLike, refuseFalseName } from './detect'
import { detectText } from './detect-text'
import { guessLanguage } from './language'
import { MAX_DOCUMENT_BYTES, MAX_EMBEDDED_CHARACTERS, MAX_EMBEDDED_FILES, MAX_OCR_PAGES } from './limits'
import { refuse, refuseCorrupt } from './refusals'
import { holdsTestVirus } from './scan'
import type { InnerTools, Parser, ParseTools } from './tools'

type FormatParser = (bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat) => Promise<ParsedDocument>

/** One parser a format, loaded when its format is met: together they weigh over a megabyte. */
const PARSERS = {
  pdf: async () => (await import('./pdf/pdf')).parsePdf,
  docx: async () => (await import('./office/docx')).parseDocx,
  xlsx: async () => (await import('./office/xlsx')).parseXlsx,
  pptx: async () => (await import('./office/pptx')).parsePptx,
  odt: async () => (await import('./office/odf')).parseOdf,
  rtf: async () => (await import('./text/rtf')).parseRtf,
  csv: async () => (await import('./text/csv')).parseCsv,
  html: async () => (await import('./text/html')).parseHtml,
  markdown: async () => (await import('./text/markdown')).parseMarkdown,
  text: async () => (await import('./text/plain')).parsePlainText,
  json: async () => (await import('./text/json')).parseJson,
  xml: async () => (await import('./text/xml-document')).parseXmlDocument,
  eml: async () => (await import('./mail/mail')).parseMail,
  zip: async () => (await import('./zip')).parseZip,
  image: async () => (await import('./image')).parseImage,
} satisfies Record<DocumentFormat, () => Promise<FormatParser>>

/**
 * Reads a file of any supported format into the one document model. Always gives at least one page; bounded in time and
 * memory whatever the bytes are. Refuses with AppError `invalid` or `too_large` and one of INGESTION_REASONS; what was left
 * out of a readable file stands in `warnings`. Never fetches anything.
 */
export async function parseDocument(bytes: Uint8Array, name: string, tools: ParseTools = {}): Promise<ParsedDocument> {
  return await read(bytes, name, innerTools(tools))
}

/**
 * The same for a file that is still in its store: a long table or plain text is read as it comes, in little memory. Undefined, with nothing
 * else read, for any other format.
 */
export async function parseLongText(source: ByteStream, name: string, tools: ParseTools = {}): Promise<ParsedDocument | undefined> {
  const detected = isTextLike(source.head) ? detectText(source.head, name) : undefined
  if (detected !== undefined) refuseFalseName(detected, name)
  if (detected?.format === 'csv') {
    const { readTable } = await import('./text/csv')
    return finish(await readTable(source, name, innerTools(tools)), source.head, name)
  }
  if (detected?.format !== 'text') return undefined
  const { readPlainText } = await import('./text/plain')
  return finish(await readPlainText(source, detected.mediaType, innerTools(tools)), source.head, name)
}

const innerTools = (tools: ParseTools): InnerTools => ({
  ...tools,
  depth: tools.depth ?? 0,
  archiveDepth: 0,
  budget: { embeddedFiles: MAX_EMBEDDED_FILES, ocrPages: MAX_OCR_PAGES, characters: MAX_EMBEDDED_CHARACTERS },
  read,
})

const read: Parser = async (bytes, name, tools) => {
  if (bytes.length > MAX_DOCUMENT_BYTES)
    throw refuse('too_large', `"${name}" is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MB; split it and send the parts.`)
  const detected = detectFormat(bytes, name)
  const parser: FormatParser = await PARSERS[detected.format]()
  const document = await parser(bytes, name, tools, detected).catch((error: unknown) => {
    tools.signal?.throwIfAborted()
    // Parsers of third parties throw errors of their own kinds on broken files; the cause stays with the refusal.
    throw error instanceof AppError ? error : refuseCorrupt(`"${name}"`, error)
  })
  return finish(document, bytes, name)
}

function finish(document: ParsedDocument, bytes: Uint8Array, name: string): ParsedDocument {
  if (document.pages.length === 0) document.pages.push({ number: 1, text: '', boxes: [], source: 'text' })
  const language = guessLanguage(fullText(document))
  if (language !== undefined) document.language ??= language
  if (holdsTestVirus(bytes)) document.warnings.push(`"${name}" holds the EICAR antivirus test string; treat it as infected.`)
  return document
}
