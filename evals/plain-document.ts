import { ParsedDocument } from '../workers/domain/documents'

/** A text of one page as ingestion gives it. */
export const plainDocument = (text: string): ParsedDocument =>
  ParsedDocument.parse({
    format: 'text',
    mediaType: 'text/plain',
    pages: [{ number: 1, text }],
    blocks: [],
    tables: [],
    metadata: {},
    embedded: [],
    warnings: [],
  })
