import { fileKeys, ParsedDocument } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { Ports } from '../../domain/ports'

/** The parsed form of a document, or undefined when ingestion has not read it. Refuses a stored form that does not fit with `internal`. */
export async function findParsed(ports: Pick<Ports, 'files'>, documentId: string): Promise<ParsedDocument | undefined> {
  const bytes = await ports.files.read(fileKeys.parsed(documentId))
  if (!bytes) return undefined
  try {
    return ParsedDocument.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new AppError('internal', `The stored parsed form of document '${documentId}' is damaged: ingest the document again.`, { cause })
  }
}

/** The parsed form of a document. Refuses one that ingestion has not read with `not_found`. */
export async function readParsed(ports: Pick<Ports, 'files'>, documentId: string): Promise<ParsedDocument> {
  const document = await findParsed(ports, documentId)
  if (!document)
    throw new AppError('not_found', `Document '${documentId}' has no parsed form: run ingestion on it before analysis.`, {
      reason: 'not_parsed',
    })
  return document
}
