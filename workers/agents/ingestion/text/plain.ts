import type { ParsedDocument } from '../../../domain/documents'
import { type ByteStream, streamOf } from '../byte-stream'
import { openDecoder } from '../charset'
import { cutBefore } from '../clean-text'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { MAX_PART_CHARACTERS } from '../limits'
import { breathe, type InnerTools } from '../tools'

/** Plain text: paragraphs are divided by empty lines, pages by form feeds. */
export const parsePlainText = (bytes: Uint8Array, _name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> =>
  readPlainText(streamOf(bytes), detected.mediaType, tools)

/** The same, as the file comes: it is cut between paragraphs, or between lines where a paragraph has no end. */
export async function readPlainText(source: ByteStream, mediaType: string, tools: InnerTools): Promise<ParsedDocument> {
  const decoder = openDecoder(source.head)
  const draft = new Draft('text', mediaType)
  draft.startPage()
  let rest = ''
  let read = 0
  for await (const piece of source.pieces()) {
    read += piece.length
    const text = rest + decoder.decode(piece, read >= source.size)
    const end = read < source.size ? lastCut(text) : text.length
    rest = text.slice(end)
    addPages(draft, text.slice(0, end))
    await draft.putAway(tools)
    tools.progress?.('Reading text', Math.min(1, read / source.size))
    await breathe(tools)
  }
  draft.note('encoding', decoder.encoding)
  return await draft.close(tools)
}

/** Where a text may be cut without a trace: after its last empty line, or else its last line. One without an end is waited for, to a bound. */
function lastCut(text: string): number {
  const paragraph = Math.max(text.lastIndexOf('\n\n'), text.lastIndexOf('\r\n\r\n'))
  if (paragraph > 0) return paragraph + 1
  const line = text.lastIndexOf('\n')
  if (line > 0) return line + 1
  return text.length < MAX_PART_CHARACTERS ? 0 : cutBefore(text, 0, text.length - 1)
}

function addPages(draft: Draft, text: string): void {
  for (const [index, page] of text.split('\f').entries()) {
    if (index > 0) draft.startPage()
    addParagraphs(draft, page)
  }
}

/** Adds text to the current page, one block a paragraph. */
export function addParagraphs(draft: Draft, text: string): void {
  for (const paragraph of text.replace(/\r\n?/g, '\n').split(/\n[^\S\n]*(?:\n[^\S\n]*)+/))
    draft.add(/^(?:>.*(?:\n|$))+$/.test(paragraph) ? 'quote' : 'paragraph', paragraph)
}
