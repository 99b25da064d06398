import type { ParsedDocument } from '../../../domain/documents'
import { decodeText } from '../charset'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import type { InnerTools } from '../tools'

/** Plain text: paragraphs are divided by empty lines, pages by form feeds. */
export async function parsePlainText(
  bytes: Uint8Array,
  _name: string,
  _tools: InnerTools,
  detected: DetectedFormat,
): Promise<ParsedDocument> {
  const { text, encoding } = decodeText(bytes)
  const draft = new Draft('text', detected.mediaType)
  draft.note('encoding', encoding)
  for (const page of text.split('\f')) {
    draft.startPage()
    addParagraphs(draft, page)
  }
  return draft.document
}

/** Adds text to the current page, one block a paragraph. */
export function addParagraphs(draft: Draft, text: string): void {
  for (const paragraph of text.replace(/\r\n?/g, '\n').split(/\n[^\S\n]*(?:\n[^\S\n]*)+/))
    draft.add(/^(?:>.*(?:\n|$))+$/.test(paragraph) ? 'quote' : 'paragraph', paragraph)
}
