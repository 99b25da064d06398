import { degrees, PDFDocument, StandardFonts } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../workers/agents/ingestion/parse'
import { toUprightGrey } from '../../../workers/agents/ingestion/pdf/raster'
import type { RasterImage } from '../../../workers/domain/models'
import { encode } from './build-files'
import { misplaced } from './outcome'

type Word = [text: string, x: number, y: number, size?: number]

/** A PDF with one page per list of words at points from the bottom left. */
async function pdfOf(...pages: Word[][]): Promise<PDFDocument> {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (const words of pages) {
    const page = pdf.addPage([595, 842])
    for (const [text, x, y, size = 10] of words) page.drawText(text, { x, y, size, font })
  }
  return pdf
}

const LEFT = [
  'The supplier delivers the goods to',
  'the address that the buyer names in',
  'the order and bears the risk until',
  'they are handed over there. Parts of',
  'a delivery may come on other days if',
  'the buyer agrees to it in writing.',
  'Costs of the transport are borne by',
]
const RIGHT = [
  'Payment is due within thirty days of',
  'the invoice without any deduction at',
  'all. Where the buyer is late, interest',
  'of eight percent a year may be asked',
  'for, and further deliveries may wait',
  'until the open amounts are settled in',
  'full. Disputes go to the court of the',
]

describe('reading order', () => {
  it('keeps labels and values on one line', async () => {
    const pdf = await pdfOf([
      ['Invoice', 50, 780, 20],
      ['Invoice number', 50, 700],
      ['471102', 200, 700.4],
      ['Date', 50, 685],
      ['2026-03-05', 200, 685],
    ])
    const document = await parseDocument(await pdf.save(), 'invoice.pdf')
    expect(document.pages[0]?.text).toBe('Invoice\n\nInvoice number\t471102\nDate\t2026-03-05')
    expect(document.blocks[0]).toMatchObject({ kind: 'heading', level: 1 })
  })

  it('reads two columns of prose one after the other, and the heading above them first', async () => {
    const column = (lines: string[], x: number, offset: number): Word[] => lines.map((line, index) => [line, x, 700 - index * 14 - offset])
    const pdf = await pdfOf([['General terms of business', 50, 760, 18], ...column(LEFT, 50, 0), ...column(RIGHT, 310, 3)])
    const text = (await parseDocument(await pdf.save(), 'terms.pdf')).pages[0]?.text.replace(/\s+/g, ' ')
    expect(text).toBe(`General terms of business ${LEFT.join(' ')} ${RIGHT.join(' ')}`)
  })

  it('reads a page that is shown turned', async () => {
    const pdf = await PDFDocument.create()
    const page = pdf.addPage([595, 842])
    page.setRotation(degrees(90))
    page.drawText('first line', { x: 100, y: 100, size: 12, rotate: degrees(90) })
    page.drawText('second line', { x: 120, y: 100, size: 12, rotate: degrees(90) })
    const [read] = (await parseDocument(await pdf.save(), 'turned.pdf')).pages
    expect(read).toMatchObject({ text: 'first line\nsecond line', width: 842, height: 595 })
    expect(read?.boxes[0]).toMatchObject({ x: expect.closeTo(100, 0), width: expect.closeTo(18, -1) })
  })
})

describe('places', () => {
  it('gives every word its characters and its rectangle from the top left', async () => {
    const pdf = await pdfOf([['Total amount', 100, 742, 10]])
    const document = await parseDocument(await pdf.save(), 'a.pdf')
    const [page] = document.pages
    expect(misplaced(document)).toEqual([])
    expect(page?.boxes.map(({ start, end }) => page.text.slice(start, end))).toEqual(['Total', 'amount'])
    expect(page?.boxes[0]).toMatchObject({ x: 100, y: 92, height: 10 })
    expect(page!.boxes[1]!.x).toBeGreaterThan(page!.boxes[0]!.x + page!.boxes[0]!.width)
  })

  it('finds a table by its columns and joins a cell that wraps', async () => {
    const row = (y: number, ...cells: string[]): Word[] => cells.map((cell, index) => [cell, [50, 250, 350][index] ?? 450, y])
    const pdf = await pdfOf([
      ...row(700, 'Description', 'Quantity', 'Price'),
      ...row(686, 'Anvil', '2', '1,000.00'),
      ...row(672, 'Chain of steel', '30', '300.00'),
      ['galvanised', 50, 660],
      ...row(646, 'Transport', '1', '120.00'),
    ])
    const document = await parseDocument(await pdf.save(), 'a.pdf')
    expect(document.tables[0]).toMatchObject({
      hasHeader: true,
      rows: [
        ['Description', 'Quantity', 'Price'],
        ['Anvil', '2', '1,000.00'],
        ['Chain of steel galvanised', '30', '300.00'],
        ['Transport', '1', '120.00'],
      ],
    })
    expect(document.blocks.find(({ table }) => table === 0)?.kind).toBe('table')
  })
})

describe('what a PDF carries', () => {
  it('reads embedded files as documents of their own', async () => {
    const pdf = await pdfOf([['See the XML', 50, 700]])
    await pdf.attach(encode('<?xml version="1.0"?><rsm:Invoice xmlns:rsm="r"><rsm:ID>42</rsm:ID></rsm:Invoice>'), 'factur-x.xml', {
      mimeType: 'text/xml',
    })
    const [file] = (await parseDocument(await pdf.save(), 'a.pdf')).embedded
    expect(file).toMatchObject({
      name: 'factur-x.xml',
      mediaType: 'application/xml',
      document: { format: 'xml', pages: [{ text: 'Invoice\n  ID: 42' }] },
    })
  })

  it('reads title, dates and the values of form fields', async () => {
    const pdf = await pdfOf([['Form', 50, 700]])
    pdf.setTitle('Application')
    pdf.setCreationDate(new Date('2026-01-02T03:04:05Z'))
    const field = pdf.getForm().createTextField('applicant')
    field.setText('Ada Lovelace')
    field.addToPage(pdf.getPage(0), { x: 50, y: 600, width: 200, height: 20 })
    const document = await parseDocument(await pdf.save(), 'a.pdf')
    expect(document).toMatchObject({ title: 'Application', metadata: { created: '2026-01-02T03:04:05Z' } })
    expect(document.pages[0]?.text).toContain('applicant: Ada Lovelace')
  })
})

describe('scanned pages', () => {
  it('sends the page image to OCR and places the words on the page', async () => {
    const pdf = await PDFDocument.create()
    const page = pdf.addPage([595, 842])
    page.drawImage(await pdf.embedPng(await greyPng(600, 850)), { x: 0, y: 0, width: 595, height: 842 })
    const seen: RasterImage[] = []
    const ocr = {
      recognise: async (image: RasterImage) => {
        seen.push(image)
        return {
          confidence: 0.9,
          words: [
            { text: 'Scanned', confidence: 0.9, x: 60, y: 85, width: 100, height: 20, line: 0 },
            { text: 'page', confidence: 0.9, x: 170, y: 85, width: 50, height: 20, line: 0 },
          ],
        }
      },
    }
    const document = await parseDocument(await pdf.save(), 'scan.pdf', { ocr })
    expect(seen).toMatchObject([{ width: 600, height: 850, channels: 1 }])
    expect(document.pages[0]).toMatchObject({ text: 'Scanned page', source: 'ocr', confidence: 0.9 })
    expect(document.pages[0]?.boxes[0]).toMatchObject({ start: 0, end: 7, x: expect.closeTo(59.5, 0), y: expect.closeTo(84.2, 0) })
    expect((await parseDocument(await pdf.save(), 'scan.pdf')).warnings.join()).toContain('scan')
  })

  it('makes a scan small, grey and upright', () => {
    const image = { width: 2, height: 1, channels: 3 as const, data: Uint8Array.of(255, 255, 255, 0, 0, 0) }
    expect(toUprightGrey(image, 0)).toEqual({ width: 2, height: 1, data: Uint8Array.of(255, 0) })
    expect(toUprightGrey(image, 90)).toEqual({ width: 1, height: 2, data: Uint8Array.of(255, 0) })
    expect(toUprightGrey(image, 180)).toEqual({ width: 2, height: 1, data: Uint8Array.of(0, 255) })
    expect(toUprightGrey({ width: 5_200, height: 10, channels: 1, data: new Uint8Array(52_000) }, 0)).toMatchObject({
      width: 2_600,
      height: 5,
    })
  })
})

/** A grey PNG made by hand: signature, header, one deflated block, end. */
async function greyPng(width: number, height: number): Promise<Uint8Array> {
  const { zlibSync } = await import('fflate')
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const body = new Uint8Array([...encode(type), ...data])
    const whole = new Uint8Array(body.length + 8)
    const view = new DataView(whole.buffer)
    view.setUint32(0, data.length)
    whole.set(body, 4)
    view.setUint32(body.length + 4, crc32(body))
    return whole
  }
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 0, 0, 0, 0], 8)
  const rows = new Uint8Array((width + 1) * height).map((_, index) => (index % (width + 1) === 0 ? 0 : (index * 7) % 256))
  return new Uint8Array([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk('IHDR', header),
    ...chunk('IDAT', zlibSync(rows)),
    ...chunk('IEND', new Uint8Array()),
  ])
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}
