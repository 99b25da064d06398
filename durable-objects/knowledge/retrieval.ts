import type { RetrievalStage, SearchHit, SearchOutcome } from '../../workers/domain/knowledge'
import type { CollectionTerms } from './bm25'
import type { KnowledgeQuery } from './entry'
import { type Scope, scopeOf } from './filters'
import type { Generation } from './generations'
import { alongGraph } from './graph-stage'
import { findByWords, readHit, readPassages } from './passages'
import { type Question, readQuestion } from './question'
import { type RankedPassage, rankPassages } from './ranking'
import type { RemoteVectors } from './remote-vectors'
import { fuseRankings } from './rrf'
import { createStages, type Stages } from './stages'
import { type Nearest, scanVectors } from './vector-rows'

/** Passages found by words are scored with care down to this depth; deeper ones changed no first ten of the dev parts. */
const LEAST_CANDIDATES = 100
const CANDIDATES_PER_HIT = 1.5
const NEAREST = 50
/** Rows that the full-text index may have to rank: a word of every second passage costs time and finds nothing that rarer ones do not. */
const MOST_MATCHES = 50_000
const LEAST_WORDS = 4

/** What answers a search besides the collection's own tables. */
export interface VectorSources {
  /** Absent: the collection has no vectors yet, or none of the question's encoder. */
  generation?: Generation
  /** Why vectors cannot answer although there are some. */
  reason?: string
  remote?: RemoteVectors
}

/** What was found and how; the graph's part as in a `SearchOutcome`. */
export interface Answered extends Pick<SearchOutcome, 'entities' | 'communities'> {
  hits: SearchHit[]
  stages: RetrievalStage[]
}

/** Chunks by words, by meaning and along the graph. A text without a single word finds nothing, because its vector means nothing. */
export async function searchChunks(
  sql: SqlStorage,
  query: KnowledgeQuery,
  collection: CollectionTerms,
  sources: VectorSources,
): Promise<Answered> {
  const stages = createStages()
  const endsAt = Date.now() + query.deadlineMs
  const scope = scopeOf(query.filter ?? {})
  const questions = query.texts.flatMap((text, index) => {
    const question = readQuestion(text)
    const vector = query.vectors?.[index]
    return question === undefined ? [] : [{ question, ...(vector && { vector }) }]
  })
  if (questions.length === 0) return { hits: [], stages: stages.list() }
  const remote = await askRemote(questions, query, sources, scope, sql, stages)
  const rankings = questions.map(({ question, vector }, index) =>
    rankOne(sql, { question, vector, remote: remote[index] }, query, sources, scope, collection, stages),
  )
  const [only = []] = rankings
  const depth = Math.ceil(query.limit * CANDIDATES_PER_HIT)
  const fused = rankings.length === 1 ? only : fuse(rankings, depth)
  const { ranked, ...along } = alongGraph(sql, query, { ranked: fused, stages, scope, endsAt })
  const hits = stages.measure('fuse', () => readHits(sql, ranked, query.limit))
  return { hits, stages: stages.list(), ...along }
}

interface OneQuestion {
  question: Question
  vector: Float32Array | undefined
  remote: Nearest[] | undefined
}

function rankOne(
  sql: SqlStorage,
  { question, vector, remote }: OneQuestion,
  { limit, ranking }: KnowledgeQuery,
  { generation, reason }: VectorSources,
  scope: Scope | undefined,
  collection: CollectionTerms,
  stages: Stages,
): RankedPassage[] {
  const depth = Math.max(LEAST_CANDIDATES, Math.ceil(limit * CANDIDATES_PER_HIT))
  const byWords = stages.measure('words', () => findByWords(sql, tellingWords(question, collection), scope, depth))
  const nearest = stages.measure('vectors', () => {
    if (reason !== undefined) return stages.without('vectors', reason)
    if (vector === undefined || generation === undefined) return NOTHING
    const allowed = scope && numbersIn(sql, scope)
    const found = scanVectors(sql, {
      generation: generation.generation,
      vector,
      limit: Math.max(NEAREST, limit),
      wanted: new Set(byWords),
      ...(allowed && { allowed }),
    })
    return mergeNearest(found, remote, allowed, ranking.leastProduct)
  })
  return stages.time('fuse', () => {
    const passages = readPassages(sql, [...new Set([...byWords, ...nearest.numbers])])
    return rankPassages(passages, question.weights, nearest.products, collection, ranking)
  })
}

/** The rarest words, as many as the index ranks in good time. */
function tellingWords({ weights, words }: Question, collection: CollectionTerms): string[] {
  const terms = [...weights.keys()].sort((a, b) => collection.frequencyOf(a) - collection.frequencyOf(b))
  let matches = 0
  return terms
    .filter((term, index) => {
      matches += collection.frequencyOf(term)
      return index < LEAST_WORDS || matches <= MOST_MATCHES
    })
    .flatMap((term) => words.get(term) ?? [])
}

/** Asks the separate store for each question at once; a store that fails or is late costs its part and is named. */
async function askRemote(
  questions: readonly { vector?: Float32Array }[],
  { limit, deadlineMs }: KnowledgeQuery,
  { generation, remote }: VectorSources,
  scope: Scope | undefined,
  sql: SqlStorage,
  stages: Stages,
): Promise<(Nearest[] | undefined)[]> {
  if (remote === undefined || generation === undefined) return []
  const documents = scope && documentsIn(sql, scope)
  try {
    return await remote.nearest(
      generation,
      questions.map(({ vector }) => vector),
      { limit: Math.max(NEAREST, limit), ...(documents && { documents }) },
      deadlineMs,
    )
  } catch (thrown) {
    stages.without('vectors', thrown instanceof Error ? thrown.message : String(thrown))
    return []
  }
}

const NOTHING: Found = { numbers: [], products: new Map() }

interface Found {
  numbers: number[]
  products: Map<number, number>
}

function mergeNearest(
  { nearest, products }: { nearest: Nearest[]; products: Map<number, number> },
  remote: readonly Nearest[] | undefined,
  allowed: ReadonlySet<number> | undefined,
  leastProduct: number,
): Found {
  const all = [...nearest, ...(remote ?? []).filter(({ id }) => allowed === undefined || allowed.has(id))]
  for (const { id, score } of all) products.set(id, score)
  return { numbers: all.filter(({ score }) => score >= leastProduct).map(({ id }) => id), products }
}

const numbersIn = (sql: SqlStorage, scope: Scope): Set<number> =>
  new Set(
    sql
      .exec<{ number: number }>(`SELECT number FROM chunks WHERE ${scope.condition}`, ...scope.parameters)
      .toArray()
      .map(({ number }) => number),
  )

const documentsIn = (sql: SqlStorage, { condition, parameters }: Scope): string[] =>
  sql
    .exec<{ id: string }>(`SELECT id FROM (SELECT id, id AS document_id FROM documents) WHERE ${condition}`, ...parameters)
    .toArray()
    .map(({ id }) => id)

function fuse(rankings: readonly RankedPassage[][], depth: number): RankedPassage[] {
  const known = new Map<number, RankedPassage>()
  for (const passage of rankings.flat()) if (!known.has(passage.number)) known.set(passage.number, passage)
  const fused = fuseRankings(
    rankings.map((ranking) => ranking.map(({ number }) => number)),
    depth,
  )
  return fused.flatMap(({ id, score }) => {
    const passage = known.get(id)
    return passage === undefined ? [] : [{ ...passage, score }]
  })
}

function readHits(sql: SqlStorage, ranked: readonly RankedPassage[], limit: number): SearchHit[] {
  return ranked.slice(0, limit).flatMap(({ number, score, words, vector, graph }) => {
    const hit = readHit(sql, number)
    const scores = {
      ...(words !== undefined && { words }),
      ...(vector !== undefined && { vector }),
      ...(graph !== undefined && { graph }),
    }
    return hit === undefined ? [] : [{ ...hit, score, scores }]
  })
}
