import * as z from 'zod'

/** Formats that ingestion reads. The type is decided by content, never by name. */
export const DOCUMENT_FORMATS = [
  'pdf',
  'docx',
  'xlsx',
  'pptx',
  'odt',
  'rtf',
  'csv',
  'html',
  'markdown',
  'text',
  'json',
  'xml',
  'eml',
  'zip',
  'image',
] as const
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number]

/** Exact place of a quoted text: characters `[start, end)` of the page's `text`. Pages count from 1. */
export const Span = z.object({
  documentId: z.string().optional(),
  page: z.int().min(1),
  start: z.int().min(0),
  end: z.int().min(0),
  /** The text found there, verbatim, for display and verification. */
  quote: z.string(),
})
export type Span = z.infer<typeof Span>

/** Rectangle in points (1/72 inch), origin at the top left of the page. */
export const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Box = z.infer<typeof Box>

/** A run of characters `[start, end)` of the page's text and where it is drawn. */
export const TextBox = Box.extend({ start: z.int(), end: z.int() })
export type TextBox = z.infer<typeof TextBox>

export const Block = z.object({
  kind: z.enum(['heading', 'paragraph', 'list_item', 'table', 'code', 'quote', 'header', 'footer']),
  /** Heading level 1–6, or list depth from 1. */
  level: z.int().optional(),
  page: z.int().min(1),
  /** Characters `[start, end)` of the page's text that this block covers. */
  start: z.int(),
  end: z.int(),
  /** Index in `tables` for a block of kind `table`. */
  table: z.int().optional(),
})
export type Block = z.infer<typeof Block>

export const Table = z.object({
  page: z.int().min(1),
  /** Rows of cells as text; every row has the same number of cells. The first is the header when `hasHeader`. */
  rows: z.array(z.array(z.string())),
  hasHeader: z.boolean(),
  /** Sheet name or caption. */
  name: z.string().optional(),
})
export type Table = z.infer<typeof Table>

export const Page = z.object({
  number: z.int().min(1),
  text: z.string(),
  /** Points; absent where the format has no pages of a fixed size. */
  width: z.number().optional(),
  height: z.number().optional(),
  boxes: z.array(TextBox).default([]),
  /** How the text was won: `text` from the file, `ocr` from an image of the page. */
  source: z.enum(['text', 'ocr']).default('text'),
  /** Mean OCR confidence 0–1. */
  confidence: z.number().min(0).max(1).optional(),
})
export type Page = z.infer<typeof Page>

/** A file found inside another (attachment, archive member, embedded invoice XML). */
export const EmbeddedFile = z.object({
  name: z.string(),
  mediaType: z.string(),
  size: z.int(),
  /** Its own parsed document, where its format is read and the nesting and size bounds allow. */
  document: z.unknown().optional(),
  /** Why it was not read: a sentence. */
  skipped: z.string().optional(),
})
export type EmbeddedFile = z.infer<typeof EmbeddedFile>

/** The one document model that every parser produces and every agent reads. */
export const ParsedDocument = z.object({
  format: z.enum(DOCUMENT_FORMATS),
  mediaType: z.string(),
  title: z.string().optional(),
  /** BCP 47 tag guessed from the text. */
  language: z.string().optional(),
  pages: z.array(Page),
  blocks: z.array(Block),
  tables: z.array(Table),
  /** Flat metadata: author, created, subject, from, to, messageId, sheet names … */
  metadata: z.record(z.string(), z.string()),
  embedded: z.array(EmbeddedFile),
  /** What a reader should know: macros present, external references not followed, pages left out. One sentence each. */
  warnings: z.array(z.string()),
  /** Those of the warnings that say what content was not read; absent where everything was. */
  unread: z.array(z.string()).optional(),
  /** How many further parts hold the rest of a document that is too long for one; absent where this is the whole. */
  parts: z.int().min(1).optional(),
})
export type ParsedDocument = z.infer<typeof ParsedDocument>

/** A plain text as a document of one page, for `ParsedDocument` to complete. */
export const textDocument = (text: string): z.input<typeof ParsedDocument> => ({
  format: 'text',
  mediaType: 'text/plain',
  pages: [{ number: 1, text }],
  blocks: [],
  tables: [],
  metadata: {},
  embedded: [],
  warnings: [],
})

/** The same as ingestion gives it. */
export const plainDocument = (text: string): ParsedDocument => ParsedDocument.parse(textDocument(text))

/** `part`: a further part of a document that is too long for one, read with it. */
export const DOCUMENT_SOURCES = ['upload', 'email', 'webhook', 'attachment', 'part'] as const

/** The metadata row of a stored document. The bytes are in the file store under `fileKey`. */
export const DocumentRecord = z.object({
  id: z.string(),
  name: z.string(),
  /** Media type by content. */
  mediaType: z.string(),
  /** Bytes; 0 for a part, which has none of its own. */
  size: z.int(),
  /** Lower-case hex SHA-256 of the bytes; of a part, of what was read. */
  sha256: z.string(),
  source: z.enum(DOCUMENT_SOURCES),
  fileKey: z.string(),
  createdAt: z.iso.datetime(),
  /** Set for attachments: the mail or archive that held it. Set for parts: the document that goes on in it, whose bytes it shares. */
  parentId: z.string().optional(),
})
export type DocumentRecord = z.infer<typeof DocumentRecord>

/** Object keys of a document in the file store (below the tenant's prefix, which the port adds). */
export const fileKeys = {
  original: (documentId: string) => `documents/${documentId}/original`,
  parsed: (documentId: string) => `documents/${documentId}/parsed.json`,
  stepOutput: (runId: string, stepKey: string, attempt: number) => `runs/${runId}/steps/${encodeURIComponent(stepKey)}/${attempt}.json`,
  eventBody: (runId: string, seq: number) => `runs/${runId}/events/${seq}.json`,
  eventSegment: (runId: string, firstSeq: number, lastSeq: number) => `runs/${runId}/events/${firstSeq}-${lastSeq}.ndjson`,
  report: (reportId: string, format: string) => `reports/${reportId}/report.${format}`,
} as const

/** Control, invisible, bidi and tag characters, by which a name can look like another, and what file systems refuse. */
const UNSAFE_IN_NAMES =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}<>:"|?*]/gu
/** Windows opens these as devices, whatever their ending. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i

/** Characters of a name that are looked at; more than any file system takes. */
const LONGEST_NAME_READ = 1_000

/** A file name that is safe to store, show and offer for download: no path, no invisible characters, no device, at most 200 characters. */
export function safeFileName(name: string): string {
  // Cut before anything looks for its end: a header may bring thousands of dots.
  const base = (name.split(/[\\/]/).pop() ?? '').slice(0, LONGEST_NAME_READ).toWellFormed().normalize('NFC')
  const cleaned = base
    .replace(UNSAFE_IN_NAMES, '')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(DEVICE_NAME, '_$&')
  const short = Array.from(cleaned).slice(0, 200).join('').trim()
  return short === '' ? 'unnamed' : short
}

/** The whole text of a document, pages joined by a form feed. */
export const fullText = (document: Pick<ParsedDocument, 'pages'>): string => document.pages.map((page) => page.text).join('\f')
