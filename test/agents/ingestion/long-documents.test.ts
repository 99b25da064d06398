import { describe, expect, it } from 'vitest'
import { type ByteStream, openByteStream } from '../../../workers/agents/ingestion/byte-stream'
import { parseDocument, parseLongText } from '../../../workers/agents/ingestion/parse'
import type { FurtherPart } from '../../../workers/agents/ingestion/tools'
import { fullText, type ParsedDocument } from '../../../workers/domain/documents'
import { encode, pdfOfPages, xlsxOf } from './build-files'
import { misplaced } from './outcome'

function keeper() {
  const parts: FurtherPart[] = []
  return { parts, keepPart: async (part: FurtherPart) => void parts.push(part) }
}

const streamed = async (bytes: Uint8Array, step = 70_001): Promise<ByteStream> => {
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + step))
      at += step
    },
  })
  return await openByteStream(body, bytes.length)
}

const rowsOf = ({ tables }: ParsedDocument) => tables.flatMap(({ rows, hasHeader }) => rows.slice(hasHeader ? 1 : 0))
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('a long table', () => {
  it('keeps every row of a CSV once, the first in the document, the others in parts under the same header', async () => {
    const lines = Array.from({ length: 120_000 }, (_, index) => `${index},"Grüße, Nr. ${index}"`)
    const kept = keeper()
    const document = await parseLongText(await streamed(encode(`id,text\n${lines.join('\n')}`)), 'orders.csv', kept)
    const all = [document!, ...kept.parts.map((part) => part.document)]
    expect(document?.tables[0]?.rows).toHaveLength(5_000)
    const ids = all.flatMap(rowsOf).map(([id]) => Number(id))
    expect([ids.length, ids.findIndex((id, index) => id !== index)]).toEqual([lines.length, -1])
    expect(all.flatMap(rowsOf).every(([id, text]) => text === `Grüße, Nr. ${id}`)).toBe(true)
    for (const part of kept.parts) expect(part.document.tables[0]).toMatchObject({ hasHeader: true, name: 'orders.csv', page: 1 })
    for (const part of kept.parts) expect(misplaced(part.document)).toEqual([])
    expect(document).toMatchObject({ parts: kept.parts.length, metadata: { rows: '120000', encoding: 'utf-8' } })
    expect(document?.unread).toBeUndefined()
    expect(document?.warnings.join()).toContain(`${kept.parts.length} further parts`)
    expect(kept.parts[0]).toMatchObject({ number: 2, label: expect.stringMatching(/^rows 5,001–/) })
    expect(kept.parts.at(-1)?.label).toMatch(/–120,001$/)
  })

  it('says how many rows are left out where nobody keeps them', async () => {
    const lines = Array.from({ length: 6_000 }, (_, index) => `${index};${index}`)
    const document = await parseDocument(encode(`a;b\n${lines.join('\n')}`), 'a.csv')
    expect(document.unread?.join()).toContain('first 5,000 of 6,001 rows')
    expect(document.parts).toBeUndefined()
  })

  it('keeps rows of very different width within the bounds of a part', async () => {
    const wide = Array.from({ length: 450 }, (_, index) => `w${index}`).join(',')
    const lines = Array.from({ length: 9_000 }, (_, index) => (index === 7_000 ? wide : `${index},x`))
    const kept = keeper()
    const document = await parseDocument(encode(`id,text\n${lines.join('\n')}`), 'a.csv', kept)
    const rows = [document, ...kept.parts.map((part) => part.document)].flatMap(rowsOf)
    expect(rows).toHaveLength(9_000)
    expect(rows[7_000]?.slice(0, 450).join(',')).toBe(wide)
    expect(document.unread).toBeUndefined()
  })

  it('goes on in parts for each long sheet of a workbook', async () => {
    const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
    const rows = Array.from({ length: 12_000 }, (_, index) => `<row>${cell(`order ${index}`)}<c><v>${index}</v></c></row>`)
    const kept = keeper()
    const document = await parseDocument(xlsxOf(`<row>${cell('Order')}${cell('Sum')}</row>${rows.join('')}`), 'a.xlsx', kept)
    const all = [document, ...kept.parts.map((part) => part.document)].flatMap(rowsOf)
    expect([all.length, all.findIndex(([order], index) => order !== `order ${index}`)]).toEqual([rows.length, -1])
    expect(kept.parts.map(({ label }) => label)).toEqual([expect.stringMatching(/, rows 5,001–12,001$/)])
    expect(document.unread).toBeUndefined()
  })

  it('tells the encoding by the first letters beyond ASCII, wherever they stand', async () => {
    const head = Array.from({ length: 60_000 }, (_, index) => `${index};plain`).join('\n')
    const document = await parseLongText(await streamed(latin1(`id;text\n${head}\n60000;Grüße`)), 'a.csv', keeper())
    expect(document?.metadata).toMatchObject({ rows: '60001', encoding: 'windows-1252' })
  })
})

describe('a long text', () => {
  const words = Array.from({ length: 900_000 }, (_, index) => `wörd${index}${index % 40 === 39 ? '\n\n' : ' '}`)

  it('goes on in parts without losing or halving a word', async () => {
    const kept = keeper()
    const document = await parseLongText(await streamed(encode(words.join(''))), 'log.txt', kept)
    const all = [document!, ...kept.parts.map((part) => part.document)]
    expect(kept.parts.length).toBeGreaterThan(1)
    const found = all.map(fullText).join('\n').split(/\s+/)
    expect([found.length, found.findIndex((word, index) => word !== words[index]?.trim())]).toEqual([words.length, -1])
    for (const part of all) expect(misplaced(part)).toEqual([])
  })

  it('begins a table in the part whose text names it', async () => {
    const kept = keeper()
    const prose = 'word '.repeat(799_999)
    const html = `<html><body><p>${prose}</p><table><tr><th>Item<th>Price<tr><td>Anvil<td>1,000</table></body></html>`
    const document = await parseDocument(encode(html), 'a.html', kept)
    const all = [document, ...kept.parts.map((part) => part.document)]
    const named = all.flatMap(({ blocks, tables }) => blocks.filter(({ kind }) => kind === 'table').map(({ table }) => tables[table ?? -1]))
    expect(named).toMatchObject([
      {
        rows: [
          ['Item', 'Price'],
          ['Anvil', '1,000'],
        ],
      },
    ])
  })

  it('halves no character where one paragraph fills more than a part', async () => {
    const kept = keeper()
    const text = `x${'\u{1f600}'.repeat(2_500_000)}`
    const document = await parseDocument(encode(text), 'faces.txt', kept)
    const all = [document, ...kept.parts.map((part) => part.document)].map(fullText)
    expect(all.every((part) => part.isWellFormed())).toBe(true)
    expect(all.join('').replace(/\n/g, '') === text).toBe(true)
  })

  it('is not read as one when it is something else', async () => {
    const source = await streamed(pdfOfPages(3))
    expect(await parseLongText(source, 'a.txt')).toBeUndefined()
    await expect(parseLongText(await streamed(encode('plain words '.repeat(1000))), 'a.pdf')).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('a PDF of thousands of pages', () => {
  it('goes on in parts that keep the numbers of the pages', async () => {
    const kept = keeper()
    const document = await parseDocument(pdfOfPages(4_100), 'long.pdf', kept)
    expect(document.pages).toHaveLength(2_000)
    expect(kept.parts.map(({ label }) => label)).toEqual(['pages 2,001–4,000', 'pages 4,001–4,100'])
    expect(kept.parts[1]?.document.pages[99]).toMatchObject({ number: 4_100, text: 'Page number 4100 of many' })
    expect(document.unread).toBeUndefined()
  })
})
