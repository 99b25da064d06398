import * as z from 'zod'
import { AppError } from '../../domain/error'
import { defineOperation } from '../agent'
import { chunkDocument } from './chunking'
import { readParsed } from './parsed'

const Input = z.object({
  documentId: z.string(),
  collection: z.string().min(1).default('default'),
  /** Facts to filter on when searching: class, dates (ISO 8601), tags. The document's source, media type and time are added. */
  metadata: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
})

/** Cuts a document into passages and indexes them; doing it again replaces the document's passages. */
export const indexDocument = defineOperation({
  summary: 'Cuts a document into passages with exact places and makes them searchable in a collection.',
  input: Input,
  output: z.object({ documentId: z.string(), collection: z.string(), chunks: z.int() }),
  example: { documentId: 'doc_1', metadata: { class: 'invoice' } },
  async run({ documentId, collection, metadata }, context, ports) {
    const record = await ports.documents.find(documentId)
    if (!record) throw new AppError('not_found', `There is no document '${documentId}': check the id.`)
    const chunks = chunkDocument(documentId, await readParsed(ports, documentId))
    context.progress(`Indexing ${chunks.length} passages`)
    const { name, source, mediaType, createdAt } = record
    const facts = { source, mediaType, createdAt, ...metadata }
    const indexed = await ports.knowledge.index(collection, { documentId, name, metadata: facts, chunks })
    context.provenance('embedded')
    return { documentId, collection, chunks: indexed.chunks }
  },
})
