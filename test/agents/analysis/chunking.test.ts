import { describe, expect, it } from 'vitest'
import { chunkDocument } from '../../../workers/agents/analysis/chunking'
import type { Block, ParsedDocument } from '../../../workers/domain/documents'
import { textDocument } from '../../skills/corpus/pdf-pages'

const paragraph = 'The pump is checked every morning before the shift begins and the result is written down. '

/** A document of headings and paragraphs from pairs of kind and text. */
function structured(parts: [Block['kind'], string, number?][]): ParsedDocument {
  let text = ''
  const blocks = parts.map(([kind, piece, level]) => {
    const start = text.length
    text += `${piece}\n`
    return { kind, page: 1, start, end: start + piece.length, ...(level && { level }) }
  })
  return { ...textDocument(text), blocks }
}

describe('chunking', () => {
  it('keeps every passage exactly the text of its page', () => {
    const document = textDocument(paragraph.repeat(40), `${paragraph}\n`.repeat(20))
    const chunks = chunkDocument('doc_1', document)
    expect(chunks.length).toBeGreaterThan(5)
    for (const { text, span } of chunks) {
      const page = document.pages[span.page - 1]
      expect(page?.text.slice(span.start, span.end)).toBe(text)
      expect(span.quote).toBe(text)
      expect(text.length).toBeLessThanOrEqual(1_200)
    }
  })

  it('loses no words', () => {
    const text = `${paragraph.repeat(30)}\n\nEnd of the manual.`
    const joined = chunkDocument('doc_1', textDocument(text))
      .map((chunk) => chunk.text)
      .join(' ')
    expect(joined.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''))
  })

  it('puts the headings above a passage into its context and does not mix sections', () => {
    const chunks = chunkDocument(
      'doc_1',
      structured([
        ['heading', 'Pumps', 1],
        ['paragraph', paragraph.repeat(4)],
        ['heading', 'Daily check', 2],
        ['paragraph', paragraph.repeat(5)],
        ['heading', 'Fans', 1],
        ['paragraph', paragraph.repeat(4)],
      ]),
    )
    expect(chunks.map((chunk) => chunk.context)).toEqual(['Pumps', 'Pumps › Daily check', 'Fans'])
    expect(chunks[1]?.text).toMatch(/^Daily check/)
  })

  it('keeps a table apart, with its header as context', () => {
    const document = structured([
      ['paragraph', 'Before.'],
      ['table', 'Part  Price\nBolt  1\nNut  2'],
      ['paragraph', 'After.'],
    ])
    const table = {
      page: 1,
      rows: [
        ['Part', 'Price'],
        ['Bolt', '1'],
        ['Nut', '2'],
      ],
      hasHeader: true,
      name: 'Prices',
    }
    const blocks = document.blocks.map((block) => (block.kind === 'table' ? { ...block, table: 0 } : block))
    const chunks = chunkDocument('doc_1', { ...document, blocks, tables: [table] })
    expect(chunks.map((chunk) => [chunk.text, chunk.context])).toEqual([
      ['Before.', ''],
      ['Part  Price\nBolt  1\nNut  2', 'Prices › Part | Price'],
      ['After.', ''],
    ])
  })

  it('leaves page headers and footers out and indexes text that no block covers', () => {
    const document = structured([
      ['header', 'ACME manual'],
      ['paragraph', 'Body text.'],
      ['footer', 'Page 1'],
    ])
    const page = document.pages[0]!
    const chunks = chunkDocument('doc_1', { ...document, pages: [{ ...page, text: `${page.text}Loose words.` }] })
    expect(chunks.map((chunk) => chunk.text).join('\n')).toBe('Body text.\nLoose words.')
  })

  it('cuts text without any boundary all the same', () => {
    expect(chunkDocument('doc_1', textDocument('x'.repeat(5_000))).every((chunk) => chunk.text.length <= 1_200)).toBe(true)
  })

  it('gives the same ids again', () => {
    const ids = () => chunkDocument('doc_1', textDocument(paragraph.repeat(40))).map((chunk) => chunk.id)
    expect(ids()).toEqual(ids())
    expect(new Set(ids()).size).toBe(ids().length)
  })
})
