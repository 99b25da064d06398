import { ParsedDocument, textDocument } from '../workers/domain/documents'

/** A text of one page as ingestion gives it. */
export const plainDocument = (text: string): ParsedDocument => ParsedDocument.parse(textDocument(text))
