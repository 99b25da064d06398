import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import type { InnerTools } from '../tools'
import { RtfReader } from './rtf-reader'
import { readRtfTokens } from './rtf-tokens'

/** Rich Text: paragraphs, table rows, headers, footers and links, in the code pages that the file names. Objects and pictures are left out. */
export async function parseRtf(bytes: Uint8Array, _name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const draft = new Draft('rtf', detected.mediaType)
  const reader = new RtfReader(draft)
  for (const token of readRtfTokens(bytes)) reader.take(token)
  reader.end()
  if (reader.holdsObjects) draft.warn('The file holds embedded objects; they were not opened.')
  draft.title(draft.document.metadata.title)
  return await draft.close(tools)
}
