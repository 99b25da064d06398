import { Span } from '../../workers/domain/documents'
import type { SearchHit } from '../../workers/domain/knowledge'
import type { CollectionTerms, Passage } from './bm25'
import type { Scope } from './filters'
import { toMatchExpression } from './question'
import { termsOf } from './terms'

/** A heading tells what a passage is about, but less than its own words. */
const CONTEXT_WEIGHT = 0.5
/** BM25 weights of the columns context and text. */
const COLUMN_WEIGHTS = `${CONTEXT_WEIGHT}, 1.0`

/** A passage's terms, those of its heading counted less. */
export function passageOf({ number, text, context }: { number: number; text: string; context: string }): Passage {
  const terms = new Map<string, number>()
  let length = 0
  for (const [part, weight] of [
    [text, 1],
    [context, CONTEXT_WEIGHT],
  ] as const) {
    if (part === '') continue
    for (const term of termsOf(part)) {
      terms.set(term, (terms.get(term) ?? 0) + weight)
      length += weight
    }
  }
  return { number, terms, length }
}

/** Terms whose frequencies are remembered, and how far the number of passages may drift before they are looked up again. */
const MAX_FREQUENCIES = 20_000
const LARGEST_DRIFT = 0.02

/**
 * Gives the collection's counts. Frequencies are looked up once and remembered: for a frequent word the index counts through all of its
 * passages. They are forgotten when the number of passages has changed by more than a fiftieth, which moves no ranking.
 */
export function createTermCounts(sql: SqlStorage): () => CollectionTerms {
  let known = new Map<string, number>()
  let knownFor = 0
  return () => {
    const { chunks, length } = sql.exec<{ chunks: number; length: number }>('SELECT chunks, length FROM totals').one()
    if (known.size > MAX_FREQUENCIES || Math.abs(chunks - knownFor) > LARGEST_DRIFT * knownFor) {
      known = new Map()
      knownFor = chunks
    }
    const frequencies = known
    return {
      passages: chunks,
      averageLength: chunks === 0 ? 0 : length / chunks,
      frequencyOf(term) {
        const found = frequencies.get(term)
        if (found !== undefined) return found
        const [row] = sql.exec<{ doc: number }>('SELECT doc FROM passage_terms WHERE term = ?', term).toArray()
        const frequency = row?.doc ?? 0
        frequencies.set(term, frequency)
        return frequency
      },
    }
  }
}

/** Numbers of the chunks with most of the words, by FTS5's own BM25: candidates to be scored with care. */
export function findByWords(sql: SqlStorage, words: readonly string[], scope: Scope | undefined, limit: number): number[] {
  // Rows of `chunks` are read only when a filter asks for them: a frequent word matches very many.
  const inScope = scope === undefined ? '' : `AND rowid IN (SELECT number FROM chunks WHERE ${scope.condition})`
  const rows = sql.exec<{ number: number }>(
    `SELECT rowid AS number FROM passages WHERE passages MATCH ? ${inScope} ORDER BY bm25(passages, ${COLUMN_WEIGHTS}), rowid LIMIT ?`,
    toMatchExpression(words),
    ...(scope?.parameters ?? []),
    limit,
  )
  return rows.toArray().map(({ number }) => number)
}

/** The passages with those numbers that are there, in any order. */
export function readPassages(sql: SqlStorage, numbers: readonly number[]): Passage[] {
  return sql
    .exec<{ number: number; text: string; context: string }>(
      'SELECT number, text, context FROM chunks WHERE number IN (SELECT value FROM json_each(?))',
      JSON.stringify(numbers),
    )
    .toArray()
    .map(passageOf)
}

/** What a hit shows of a chunk, or undefined when it is not there any more. */
export function readHit(sql: SqlStorage, number: number): Omit<SearchHit, 'score' | 'scores'> | undefined {
  const [row] = sql
    .exec<{ chunkId: string; documentId: string; name: string; text: string; context: string; span: string }>(
      `SELECT chunks.id AS chunkId, document_id AS documentId, name, text, context, span
       FROM chunks JOIN documents ON documents.id = document_id WHERE number = ?`,
      number,
    )
    .toArray()
  return row && { ...row, span: Span.parse(JSON.parse(row.span)) }
}
