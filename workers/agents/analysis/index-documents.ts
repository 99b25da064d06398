import * as z from 'zod'
import { partsOf } from '../../domain/document-parts'
import type { DocumentRecord } from '../../domain/documents'
import { AppError } from '../../domain/error'
import type { IndexedDocument } from '../../domain/knowledge'
import type { Payer } from '../../domain/models'
import type { Ports } from '../../domain/ports'
import { defineOperation, type StepContext } from '../agent'
import { chunkDocument } from './chunking'
import { extractGraph } from './document-graph'
import { readParsed } from './parsed'

/** Vectors of more passages are not waited for: they take a minute and more. */
const MAX_CHUNKS_WITH_VECTORS = 5_000

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
  timeoutMs: 10 * 60_000,
  example: { documentId: 'doc_1', metadata: { class: 'invoice' } },
  async run({ documentId, collection, metadata, graph: hasGraph }, context, ports) {
    const record = await ports.documents.find(documentId)
    if (!record) throw new AppError('not_found', `There is no document '${documentId}': check the id.`)
    const document = await readParsed(ports, documentId)
    const chunks = chunkDocument(documentId, document)
    context.progress(`Indexing ${chunks.length} passages`)
    const graph = hasGraph ? await extractGraph(chunks) : undefined
    const { source, mediaType, createdAt } = record
    const payer: Payer = { ...(ports.purse && { purse: ports.purse }), onCall: (call) => context.charge(call) }
    const order = { collection, facts: { source, mediaType, createdAt, ...metadata }, payer, context }
    let indexed = await indexPart(record, { chunks, ...(graph && { graph }) }, order, ports)
    if (document.parts !== undefined) indexed += await indexFurtherParts(record, document.parts, order, ports)
    context.provenance('embedded')
    return { documentId, collection, chunks: indexed }
  },
})

interface Order {
  collection: string
  /** What one may filter on: of the document, and so of its parts. */
  facts: IndexedDocument['metadata']
  payer: Payer
  context: Pick<StepContext, 'progress' | 'signal'>
}

async function indexPart(
  { id, name, source }: DocumentRecord,
  passages: Pick<IndexedDocument, 'chunks' | 'graph'>,
  { collection, facts, payer }: Order,
  ports: Ports,
): Promise<number> {
  // A long document is found by its words at once; its vectors follow in the background.
  const vectors = source === 'part' || passages.chunks.length > MAX_CHUNKS_WITH_VECTORS ? 'later' : 'now'
  const document = { documentId: id, name, metadata: facts, ...passages }
  return (await ports.knowledge.index(collection, document, { payer, vectors })).chunks
}

/** Parts are read one by one: together they may be larger than the memory. */
async function indexFurtherParts(parent: DocumentRecord, count: number, order: Order, ports: Ports): Promise<number> {
  let chunks = 0
  let done = 0
  for await (const part of partsOf(ports.documents, parent.id)) {
    order.context.signal.throwIfAborted()
    chunks += await indexPart(part, { chunks: chunkDocument(part.id, await readParsed(ports, part.id)) }, order, ports)
    order.context.progress(`Indexed part ${++done + 1} of ${count + 1}`)
  }
  return chunks
}
