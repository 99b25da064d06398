import { and, desc, eq, gte, lt } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { AppError } from '../domain/error'
import { DocumentRecord } from '../domain/documents'
import type { Documents } from '../domain/ports'
import { decodeCursor, pageOf } from './cursor'
import { documents } from './schema'

/** Documents of one tenant in D1. Inserting bytes that are there already is refused with `conflict`. */
export function createD1Documents(db: D1Database, tenantId: string): Documents {
  const orm = drizzle(db)
  const own = eq(documents.tenantId, tenantId)
  const one = async (condition: ReturnType<typeof eq>): Promise<DocumentRecord | undefined> => {
    const rows = await orm.select().from(documents).where(and(own, condition)).limit(1)
    return rows[0] && toRecord(rows[0])
  }
  return {
    async insert(document) {
      const { meta } = await orm.insert(documents).values({ ...document, tenantId, parentId: document.parentId ?? null }).onConflictDoNothing().run()
      if (meta.changes === 0) throw new AppError('conflict', 'A document with the same content is stored already.', { reason: 'duplicate' })
    },
    find: (id) => one(eq(documents.id, id)),
    findByHash: (sha256) => one(eq(documents.sha256, sha256)),
    async list({ limit, cursor, createdFrom, createdTo, source, parentId }) {
      const before = decodeCursor(cursor)
      const conditions = [
        own,
        ...(before === undefined ? [] : [lt(documents.id, before)]),
        ...(createdFrom === undefined ? [] : [gte(documents.createdAt, createdFrom)]),
        ...(createdTo === undefined ? [] : [lt(documents.createdAt, createdTo)]),
        ...(source === undefined ? [] : [eq(documents.source, source)]),
        ...(parentId === undefined ? [] : [eq(documents.parentId, parentId)]),
      ]
      const rows = await orm.select().from(documents).where(and(...conditions)).orderBy(desc(documents.id)).limit(limit + 1)
      return pageOf(rows, limit, toRecord)
    },
  }
}

function toRecord({ tenantId: _, parentId, ...row }: typeof documents.$inferSelect): DocumentRecord {
  return DocumentRecord.parse({ ...row, ...(parentId !== null && { parentId }) })
}
