import * as z from 'zod'
import { AppError } from '../../domain/error'
import type { Payer } from '../../domain/models'
import { defineOperation } from '../agent'
import { chunkDocument } from './chunking'
import { extractGraph } from './document-graph'
import { readParsed } from './parsed'

const Input = z.object({
  documentId: z.string(),
  collection: z.string().min(1).default('default'),
  /** Facts to filter on when searching: class, dates (ISO 8601), tags. The document's source, media type and time are added. */
  metadata: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  /** False leaves the document out of the collection's graph, which costs some seconds for a very long one. */
  graph: z.boolean().default(true),
})

/** Cuts a document into passages and indexes them; doing it again replaces the document's passages. */
export const indexDocument = defineOperation({
  summary: 'Cuts a document into passages with exact places and makes them searchable in a collection.',
  input: Input,
  output: z.object({ documentId: z.string(), collection: z.string(), chunks: z.int() }),
  makes: { own: ['documentId', 'chunks'] },
  example: { documentId: 'doc_1', metadata: { class: 'invoice' } },
  async run({ documentId, collection, metadata, graph: hasGraph }, context, ports) {
    const record = await ports.documents.find(documentId)
    if (!record) throw new AppError('not_found', `There is no document '${documentId}': check the id.`)
    const chunks = chunkDocument(documentId, await readParsed(ports, documentId))
    context.progress(`Indexing ${chunks.length} passages`)
    const graph = hasGraph ? await extractGraph(chunks) : undefined
    const { name, source, mediaType, createdAt } = record
    const facts = { source, mediaType, createdAt, ...metadata }
    const document = { documentId, name, metadata: facts, chunks, ...(graph && { graph }) }
    const payer: Payer = { ...(ports.purse && { purse: ports.purse }), onCall: (call) => context.charge(call) }
    const indexed = await ports.knowledge.index(collection, document, { payer })
    context.provenance('embedded')
    return { documentId, collection, chunks: indexed.chunks }
  },
})
