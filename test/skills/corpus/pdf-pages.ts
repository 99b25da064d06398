import { readFile } from 'node:fs/promises'
import { getDocumentProxy } from 'unpdf'
import { type Page, ParsedDocument, type TextBox } from '../../../workers/domain/documents'

interface Item {
  text: string
  x: number
  y: number
  width: number
  height: number
}

/** Joins items into lines by their height on the page; a gap wider than a letter becomes two spaces, as ingestion does. */
export function layOut(items: Item[], number: number, size: { width: number; height: number }): Page {
  const sorted = items.filter((item) => item.text.trim() !== '').sort((a, b) => a.y - b.y || a.x - b.x)
  const rows: Item[][] = []
  for (const item of sorted) {
    const row = rows.at(-1)
    const first = row?.[0]
    if (row && first && Math.abs(first.y - item.y) <= Math.max(2, Math.min(first.height, item.height) * 0.4)) row.push(item)
    else rows.push([item])
  }
  let text = ''
  const boxes: TextBox[] = []
  for (const row of rows) {
    if (text !== '') text += '\n'
    let right: number | undefined
    for (const item of row.sort((a, b) => a.x - b.x)) {
      if (right !== undefined) text += item.x - right > item.height ? '  ' : item.x - right > item.height * 0.15 ? ' ' : ''
      const start = text.length
      text += item.text
      boxes.push({ start, end: text.length, x: item.x, y: item.y - item.height, width: item.width, height: item.height })
      right = item.x + item.width
    }
  }
  return { number, text, boxes, ...size, source: 'text' }
}

/** A PDF's text layer as a parsed document, without attachments, so that only the reading of the page is measured. */
export async function readPdf(path: string): Promise<ParsedDocument> {
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(path)))
  const pages: Page[] = []
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number)
    const { width, height } = page.getViewport({ scale: 1 })
    const content = await page.getTextContent()
    const items = content.items.flatMap((item) =>
      'str' in item
        ? [
            {
              text: item.str,
              x: item.transform[4] as number,
              y: height - (item.transform[5] as number),
              width: item.width,
              height: item.height || 10,
            },
          ]
        : [],
    )
    pages.push(layOut(items, number, { width, height }))
  }
  return parsed(pages, 'pdf')
}

/** A parsed document of pages, for tests. */
export const parsed = (pages: Page[], format: ParsedDocument['format'] = 'text'): ParsedDocument =>
  ParsedDocument.parse({ format, mediaType: 'text/plain', pages, blocks: [], tables: [], metadata: {}, embedded: [], warnings: [] })

/** A parsed document of plain texts, one a page. */
export const textDocument = (...texts: string[]): ParsedDocument =>
  parsed(texts.map((text, index) => ({ number: index + 1, text, boxes: [], source: 'text' })))
