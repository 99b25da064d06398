import type { ParsedDocument } from '../../../domain/documents'
import { indexOfAscii } from '../detect'
import { Draft } from '../draft'
import { readEmbedded } from '../embedded'
import { MAX_PAGES_WITH_WORD_BOXES, MAX_PART_PAGES, MAX_PDF_IMAGE_PIXELS, MAX_PDF_PAGE_ITEMS, MAX_PDF_PAGES } from '../limits'
import { refuse, refuseCorrupt, refuseEncrypted, refuseTruncated } from '../refusals'
import { breathe, type InnerTools } from '../tools'
import { noteTexts } from './annotations'
import { readDirections } from './geometry'
import { refuseInflation } from './inflation'
import { layOutPage } from './layout'
import { readScan } from './scans'

type PdfFile = Awaited<ReturnType<typeof import('unpdf')['getDocumentProxy']>>
type PdfPage = Awaited<ReturnType<PdfFile['getPage']>>

/** Pages read before other work gets a turn. */
const BATCH_PAGES = 10
/** A page with fewer letters than this may be a scan with a stamp. */
const SCAN_CHARACTERS = 16

/**
 * PDF: text in reading order with a box for every word, tables by column alignment, notes and form values, embedded files
 * (the XML of ZUGFeRD and Factur-X), and scanned pages through OCR. Long files are read in batches, up to a bound.
 */
export async function parsePdf(bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> {
  const draft = new Draft('pdf', 'application/pdf')
  const { hugeImages } = refuseInflation(bytes, name)
  if (hugeImages > 0) draft.leaveOut(`${hugeImages} pictures are too large to be looked at; text in them was not read.`)
  const pdf = await openPdf(bytes, name)
  try {
    if (pdf.numPages > MAX_PDF_PAGES)
      throw refuse('too_many_pages', `"${name}" has ${pdf.numPages} pages, more than ${MAX_PDF_PAGES}; split it and send the parts.`)
    if (indexOfAscii(bytes.subarray(-2048), '%%EOF') < 0) draft.warn('The file does not end as a PDF should; it may be cut off.')
    await noteMetadata(draft, pdf)
    await readPages(draft, pdf, tools)
    await readAttachments(draft, pdf, tools)
  } finally {
    await pdf.destroy()
  }
  draft.title(draft.document.metadata.title)
  return await draft.close(tools)
}

async function openPdf(bytes: Uint8Array, name: string): Promise<PdfFile> {
  const { getDocumentProxy } = await import('unpdf')
  try {
    // A copy, because the reader detaches the buffer that it is given.
    return await getDocumentProxy(bytes.slice(), {
      verbosity: 0,
      isEvalSupported: false,
      stopAtErrors: false,
      maxImageSize: MAX_PDF_IMAGE_PIXELS,
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw refuseEncrypted(`"${name}"`)
    throw indexOfAscii(bytes.subarray(-2048), '%%EOF') < 0 ? refuseTruncated(`"${name}"`) : refuseCorrupt(`"${name}"`, error)
  }
}

const INFO_KEYS = {
  Title: 'title',
  Author: 'author',
  Subject: 'subject',
  Keywords: 'keywords',
  Creator: 'creator',
  Producer: 'producer',
  CreationDate: 'created',
  ModDate: 'modified',
} as const

async function noteMetadata(draft: Draft, pdf: PdfFile): Promise<void> {
  const { info } = await pdf.getMetadata()
  const values = new Map<string, unknown>(Object.entries(info))
  for (const [key, noted] of Object.entries(INFO_KEYS)) {
    const value = values.get(key)
    if (typeof value === 'string') draft.note(noted, noted === 'created' || noted === 'modified' ? isoDate(value) : value)
  }
  draft.note('pages', String(pdf.numPages))
}

/** `D:20140209175801+01'00'` as ISO 8601; anything else as it is. */
function isoDate(text: string): string {
  const match = /^D:(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(\d{2})?)?(?:([-+])(\d{2})'?(\d{2})?|Z)?/.exec(text)
  if (match === null) return text
  const [, year, month = '01', day = '01', hour, minute, second = '00', sign, zoneHour, zoneMinute = '00'] = match
  const zone = sign ? `${sign}${zoneHour}:${zoneMinute}` : 'Z'
  return hour ? `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}` : `${year}-${month}-${day}`
}

async function readPages(draft: Draft, pdf: PdfFile, tools: InnerTools): Promise<void> {
  const count = tools.keepPart === undefined ? Math.min(pdf.numPages, MAX_PART_PAGES) : pdf.numPages
  if (count < pdf.numPages) draft.leaveOut(`Only the first ${count} of ${pdf.numPages} pages were read.`)
  const boxesPer = pdf.numPages <= MAX_PAGES_WITH_WORD_BOXES ? 'word' : 'stretch'
  for (let number = 1; number <= count; number++) {
    await readPage(draft, pdf, number, boxesPer, tools)
    if (number % BATCH_PAGES !== 0) continue
    await draft.putAway(tools)
    tools.progress?.(`Read page ${number} of ${count}`, number / count)
    await breathe(tools)
  }
}

async function readPage(draft: Draft, pdf: PdfFile, number: number, boxesPer: 'word' | 'stretch', tools: InnerTools): Promise<void> {
  let page: PdfPage
  try {
    page = await pdf.getPage(number)
  } catch (error) {
    if (number === 1) throw error
    draft.startPage()
    return draft.leaveOut(`Page ${number} is damaged and was left out.`)
  }
  const viewport = page.getViewport({ scale: 1 })
  const target = draft.startPage({ width: Math.round(viewport.width * 100) / 100, height: Math.round(viewport.height * 100) / 100 })
  const items = await readItems(draft, page)
  const layout = layOutPage(readDirections(items, viewport.transform), boxesPer)
  const isScan = layout.text.length < SCAN_CHARACTERS && (await readScan(draft, { pdf, page, target, rotation: viewport.rotation }, tools))
  if (!isScan) {
    draft.fill(
      target,
      layout.text,
      layout.boxes,
      layout.blocks.map(({ found, ...block }) => {
        const table = found && draft.keepTable(found.rows, number, { hasHeader: found.hasHeader })
        return table ? { ...block, table: draft.lastTable } : { ...block, kind: block.kind === 'table' ? 'paragraph' : block.kind }
      }),
    )
  }
  for (const text of await noteTexts(page, target.text)) draft.add('paragraph', text)
  page.cleanup()
}

type TextItem = Extract<Awaited<ReturnType<PdfPage['getTextContent']>>['items'][number], { str: string }>

/** The drawn text of a page, taken piece by piece so that reading ends at the bound, however much the page goes on drawing. */
async function readItems(draft: Draft, page: PdfPage): Promise<TextItem[]> {
  const items: TextItem[] = []
  const reader: ReadableStreamDefaultReader<Awaited<ReturnType<PdfPage['getTextContent']>>> = page.streamTextContent().getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    for (const item of piece.value.items) if ('str' in item) items.push(item)
    if (items.length <= MAX_PDF_PAGE_ITEMS) continue
    draft.leaveOut(
      `Page ${page.pageNumber} draws more than ${MAX_PDF_PAGE_ITEMS.toLocaleString('en')} pieces of text; the rest was not read.`,
    )
    await reader.cancel(new Error('The page is longer than its bound.'))
    break
  }
  return items.slice(0, MAX_PDF_PAGE_ITEMS)
}

async function readAttachments(draft: Draft, pdf: PdfFile, tools: InnerTools): Promise<void> {
  const attachments: unknown = await pdf.getAttachments()
  if (typeof attachments !== 'object' || attachments === null) return
  for (const [key, file] of Object.entries(attachments)) {
    const bytes: unknown = file?.content
    if (!(bytes instanceof Uint8Array)) continue
    await readEmbedded(
      draft,
      { name: typeof file.filename === 'string' ? file.filename : key, mediaType: 'application/octet-stream', bytes },
      tools,
    )
  }
}
