import { and, asc, eq, gt } from 'drizzle-orm'
import { AppError, type Result, unwrap } from '../domain/error'
import { CollectionName, type CollectionRecord, type EncoderName, type ExportedDocument, type HeldDocument } from '../domain/knowledge'
import type { CollectionDocuments, Collections, PageOf, PageRequest } from '../domain/ports'
import { openD1 } from './d1'
import { type CollectionMembers, createD1CollectionMembers } from './d1-collection-members'
import { type KnowledgeNamespace, type KnowledgeObject, objectName } from './object-knowledge'
import { collections } from './schema'

/** Whole documents that are read at once; one with very many passages is several megabytes. */
const DOCUMENTS_PER_READ = 4

export interface ObjectCollectionsOptions {
  binding: D1Database
  tenantId: string
  namespace: KnowledgeNamespace
  /** The encoder that the tenant has now. */
  encoder: () => Promise<EncoderName>
  now?: () => Date
}

/** Port Collections: names in D1, what they hold in one Durable Object each. */
export function createObjectCollections(options: ObjectCollectionsOptions): Collections {
  const { tenantId, namespace, now = () => new Date() } = options
  const names = openNames(options)
  const members = createD1CollectionMembers(options.binding, tenantId)
  const open = (name: string) => namespace.getByName(objectName(tenantId, name))
  const demand = async (name: string): Promise<void> => {
    if ((await names.find(name)) === undefined) throw new AppError('not_found', `There is no collection '${name}': check the name.`)
  }
  return {
    async create(name) {
      const parsed = CollectionName.safeParse(name)
      if (!parsed.success) throw new AppError('invalid', `'${name}' is no name for a collection: ${parsed.error.issues[0]?.message}.`)
      const record = { name, createdAt: now().toISOString() }
      await names.insert(record)
      return (await names.find(name)) ?? record
    },
    list: names.list,
    async find(name) {
      const record = await names.find(name)
      return record && { ...record, ...unwrap(await open(name).stats()) }
    },
    has: async (name) => (await names.find(name)) !== undefined,
    async delete(name) {
      // What it holds goes first: a name without content can be deleted again, content without a name cannot be found.
      unwrap(await open(name).clear())
      await members.removeCollection(name)
      await names.delete(name)
    },
    async *export(name) {
      await demand(name)
      yield* documentsOf(open(name))
    },
    async reembed(name) {
      await demand(name)
      const { model, dimensions } = await options.encoder()
      unwrap(await open(name).reembed({ model, dimensions }))
    },
  }
}

/** Port CollectionDocuments: the documents in the collections' objects, and in D1 which collections may hold each. */
export function createObjectCollectionDocuments(options: ObjectCollectionsOptions): CollectionDocuments {
  const { binding, tenantId, namespace } = options
  const members = createD1CollectionMembers(binding, tenantId)
  const open = (name: string) => namespace.getByName(objectName(tenantId, name))
  return {
    async list(collection, { limit, cursor }) {
      const rows = unwrap<HeldDocument[]>(await open(collection).list(cursor ?? '', limit + 1))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, ...(rows.length > limit && last && { nextCursor: last.documentId }) }
    },
    holding: (documentId) => collectionsHolding(documentId, members, open),
    async import(collection, documents) {
      const ids = documents.map(({ documentId }) => documentId)
      await members.add(collection, ids)
      const { model, dimensions } = await options.encoder()
      return unwrap<Result<{ chunks: number; isUnchanged: boolean }>[]>(
        await open(collection).import({ tenantId, documents: [...documents], encoder: { model, dimensions } }),
      )
    },
  }
}

async function collectionsHolding(
  documentId: string,
  members: CollectionMembers,
  open: (name: string) => KnowledgeObject,
): Promise<string[]> {
  const listed = await members.holding(documentId)
  const found: string[] = []
  for (const name of await members.unlisted()) {
    if (listed.includes(name)) continue
    const isHeld: Result<boolean> = await open(name).holds(documentId)
    if (unwrap(isHeld)) found.push(name)
  }
  return [...listed, ...found].sort()
}

/** One tenant's rows of the table of names. */
function openNames({ binding, tenantId }: ObjectCollectionsOptions) {
  const db = openD1(binding)
  const mine = eq(collections.tenantId, tenantId)
  const named = (name: string) => and(mine, eq(collections.name, name))
  return {
    async find(name: string): Promise<CollectionRecord | undefined> {
      const [row] = await db.select().from(collections).where(named(name))
      return row && toRecord(row)
    },
    async insert(record: CollectionRecord): Promise<void> {
      await db
        .insert(collections)
        .values({ tenantId, ...record, isListed: true })
        .onConflictDoNothing()
    },
    async delete(name: string): Promise<void> {
      await db.delete(collections).where(named(name))
    },
    async list({ limit, cursor }: PageRequest): Promise<PageOf<CollectionRecord>> {
      const rows = await db
        .select()
        .from(collections)
        .where(and(mine, cursor === undefined ? undefined : gt(collections.name, cursor)))
        .orderBy(asc(collections.name))
        .limit(limit + 1)
      const items = rows.slice(0, limit).map(toRecord)
      const last = items.at(-1)
      return { items, ...(rows.length > limit && last && { nextCursor: last.name }) }
    },
  }
}

/** Page by page, so that a large collection never stands in memory. */
async function* documentsOf(collection: KnowledgeObject): AsyncIterable<ExportedDocument> {
  let after = ''
  while (true) {
    const documents = unwrap(await collection.documents(after, DOCUMENTS_PER_READ))
    yield* documents
    const last = documents.at(-1)
    if (last === undefined) return
    after = last.documentId
  }
}

const toRecord = ({ name, createdAt }: typeof collections.$inferSelect): CollectionRecord => ({ name, createdAt })
