import { and, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { ModelCache } from '../domain/model-cache'
import { openD1 } from './d1'
import { documentDeletions, embeddings, modelAnswerCounts, modelAnswerDocuments, modelAnswers } from './schema'
import { packVector, unpackVector } from './vector-bytes'

/** A scope is one kind of question over one set of passages: more than this are old ones. */
const MAX_MEANINGS = 200

/** Earlier answers of one tenant in D1. */
export function createD1ModelCache(binding: D1Database, tenantId: string): ModelCache {
  const db = openD1(binding)
  const own = eq(modelAnswers.tenantId, tenantId)
  return {
    async find(key, now) {
      const live = and(own, eq(modelAnswers.key, key), gt(modelAnswers.expiresAt, now))
      return (await db.select({ answer: modelAnswers.answer }).from(modelAnswers).where(live).limit(1))[0]?.answer
    },
    async listMeanings(scope, now) {
      const rows = await db
        .select({ question: modelAnswers.question, vector: modelAnswers.vector, answer: modelAnswers.answer })
        .from(modelAnswers)
        .where(and(own, eq(modelAnswers.scope, scope), gt(modelAnswers.expiresAt, now)))
        .orderBy(desc(modelAnswers.createdAt))
        .limit(MAX_MEANINGS)
      return rows.flatMap(({ question, vector, answer }) =>
        question === null || vector === null ? [] : [{ question, answer, vector: unpackVector(vector) }],
      )
    },
    async store({ key, purpose, answer, documentIds, createdAt, expiresAt, meaning }) {
      const row = {
        purpose,
        answer,
        createdAt,
        expiresAt,
        scope: meaning?.scope ?? null,
        question: meaning?.question ?? null,
        vector: meaning ? packVector(meaning.vector) : null,
      }
      const insert = db
        .insert(modelAnswers)
        .values({ tenantId, key, ...row })
        .onConflictDoUpdate({ target: [modelAnswers.tenantId, modelAnswers.key], set: row })
      const links = documentIds.map((documentId) =>
        db.insert(modelAnswerDocuments).values({ tenantId, documentId, key }).onConflictDoNothing(),
      )
      // The answer may have been under way while one of its documents was deleted.
      const ofDeleted = sql`exists (select 1 from ${modelAnswerDocuments} join ${documentDeletions}
        on ${documentDeletions.tenantId} = ${modelAnswerDocuments.tenantId} and ${documentDeletions.documentId} = ${modelAnswerDocuments.documentId}
        where ${modelAnswerDocuments.tenantId} = ${tenantId} and ${modelAnswerDocuments.key} = ${key})`
      await db.batch([insert, ...links, db.delete(modelAnswers).where(and(own, eq(modelAnswers.key, key), ofDeleted))])
    },
    async count(purpose, outcome) {
      const none = { exactHits: 0, semanticHits: 0, misses: 0 }
      await db
        .insert(modelAnswerCounts)
        .values({ tenantId, purpose, ...none, [outcome]: 1 })
        .onConflictDoUpdate({
          target: [modelAnswerCounts.tenantId, modelAnswerCounts.purpose],
          set: { [outcome]: sql`${modelAnswerCounts[outcome]} + 1` },
        })
    },
    counts: async () => {
      const { purpose, exactHits, semanticHits, misses } = modelAnswerCounts
      return await db
        .select({ purpose, exactHits, semanticHits, misses })
        .from(modelAnswerCounts)
        .where(eq(modelAnswerCounts.tenantId, tenantId))
        .orderBy(purpose)
    },
    async removeDocument(documentId) {
      const linked = and(eq(modelAnswerDocuments.tenantId, tenantId), eq(modelAnswerDocuments.documentId, documentId))
      const keys = db.select({ key: modelAnswerDocuments.key }).from(modelAnswerDocuments).where(linked)
      await db.batch([
        db.delete(modelAnswers).where(and(own, inArray(modelAnswers.key, keys))),
        db.delete(modelAnswerDocuments).where(linked),
        db.delete(embeddings).where(and(eq(embeddings.tenantId, tenantId), eq(embeddings.documentId, documentId))),
      ])
    },
    async clear() {
      await db.batch([
        db.delete(modelAnswers).where(own),
        db.delete(modelAnswerDocuments).where(eq(modelAnswerDocuments.tenantId, tenantId)),
        db.delete(modelAnswerCounts).where(eq(modelAnswerCounts.tenantId, tenantId)),
        db.delete(embeddings).where(eq(embeddings.tenantId, tenantId)),
      ])
    },
  }
}

/** Rows of one statement; expired ones are few between two sweeps. */
const SWEEP_ROWS = 1_000

/** Removes answers of all tenants that nobody can be given any more; gives how many. */
export async function deleteExpiredModelAnswers(binding: D1Database, before: string): Promise<number> {
  const db = openD1(binding)
  const expired = db.select({ rowid: sql`rowid` }).from(modelAnswers).where(lt(modelAnswers.expiresAt, before)).limit(SWEEP_ROWS)
  const { meta } = await db.run(sql`delete from ${modelAnswers} where rowid in ${expired}`)
  await db.run(
    sql`delete from ${modelAnswerDocuments} where not exists (select 1 from ${modelAnswers} where ${modelAnswers.tenantId} = ${modelAnswerDocuments.tenantId} and ${modelAnswers.key} = ${modelAnswerDocuments.key})`,
  )
  return meta.changes
}
