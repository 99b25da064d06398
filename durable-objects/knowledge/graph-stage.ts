import type { SearchOutcome } from '../../workers/domain/knowledge'
import type { Community } from '../../workers/domain/knowledge-graph'
import type { KnowledgeQuery } from './entry'
import type { Scope } from './filters'
import { blend, entitiesIn, followEntities, followPassages } from './graph-search'
import { isBuilding, readGraphState } from './graph-state'
import { themesOf } from './graph-themes'
import type { RankedPassage } from './ranking'
import type { Stages } from './stages'

/** Whether a hybrid search follows the graph unless its query says so: it finds more of what takes several passages, see docs/KNOWLEDGE.md. */
const EXPANDS = true
/**
 * What the graph adds at most to the best score of words and meaning. Of the weights 0.1 to 1.2 the largest that costs ordinary questions
 * next to nothing (nDCG@10 on PubMedQA .978 to .977; at 0.5 .972), measured with half of the chains of evals/sets/multihop-conll04: larger
 * ones, up to 0.9, find more of these.
 */
const EXPANSION_WEIGHT = 0.3
/** In a question about entities being near them counts as much as words do. */
const LOCAL_WEIGHT = 1

export type Along = Pick<SearchOutcome, 'entities' | 'communities'> & { ranked: RankedPassage[] }
/** Why the graph cannot help. */
type Missing = { missing: string }

export interface Ranking {
  ranked: RankedPassage[]
  stages: Stages
  scope: Scope | undefined
  /** When the search has to be over; clocks stand still while an object computes, so this is what was waited for before. */
  endsAt: number
}

/** What the graph makes of a ranking, by the mode of the search. Where it cannot help, the ranking stays and the stage says why. */
export function alongGraph(sql: SqlStorage, query: KnowledgeQuery, { ranked, stages, scope, endsAt }: Ranking): Along {
  const { mode = 'hybrid', expand = EXPANDS } = query
  // A collection without a graph is searched as ever; only who asked to follow one is told.
  if (mode === 'hybrid' && (!expand || (query.expand === undefined && !hasGraph(sql)))) return { ranked }
  if (Date.now() >= endsAt) {
    stages.without('graph', 'The time of the search was over before the graph was asked.')
    return { ranked }
  }
  try {
    return stages.time('graph', () => {
      const along = BY_MODE[mode](sql, query, ranked, scope)
      if (along.missing !== undefined) {
        // Nobody asked a hybrid search for a graph: to have none is no failure of it.
        if (mode === 'hybrid') stages.skip('graph', along.missing)
        else stages.without('graph', along.missing)
        return { ranked }
      }
      stages.note('graph', along.ranked.length)
      return along
    })
  } catch (thrown) {
    stages.without('graph', `The graph of the collection does not answer: ${thrown instanceof Error ? thrown.message : String(thrown)}.`)
    return { ranked }
  }
}

type Way = (sql: SqlStorage, query: KnowledgeQuery, ranked: RankedPassage[], scope?: Scope) => (Along & { missing?: never }) | Missing

const passagesOf = (sql: SqlStorage): number => sql.exec<{ chunks: number }>('SELECT chunks FROM totals').one().chunks
const hasGraph = (sql: SqlStorage): boolean => sql.exec('SELECT 1 FROM entities LIMIT 1').toArray().length > 0
const NO_GRAPH = 'The documents of this collection were indexed without a graph: they were searched by words and meaning.'

const BY_MODE = {
  hybrid: (sql, _query, ranked, scope) => {
    if (!hasGraph(sql)) return { missing: NO_GRAPH }
    return { ranked: blend(ranked, followPassages(sql, ranked, passagesOf(sql), scope), EXPANSION_WEIGHT) }
  },
  local: (sql, { texts }, ranked, scope) => {
    if (!hasGraph(sql)) return { missing: NO_GRAPH }
    const named = entitiesIn(sql, texts.join('\n'))
    if (named.length === 0) return { missing: 'The question names no entity of this collection: it was searched by words and meaning.' }
    const near = followEntities(sql, named, passagesOf(sql), scope)
    const about = blend(ranked, near, LOCAL_WEIGHT).filter(({ number }) => near.has(number))
    return { ranked: about, entities: named.map(({ name }) => name) }
  },
  global: (sql, { texts }, ranked, scope) => {
    if (!hasGraph(sql)) return { missing: NO_GRAPH }
    const communities = themesOf(sql, texts.join('\n'), ranked, scope)
    if (communities.length > 0) return { ranked: sourcesOf(sql, communities, scope), communities }
    const missing = isBuilding(readGraphState(sql))
      ? 'The communities of this collection are still being made: it was searched by words and meaning. Ask again in a minute.'
      : 'The entities of this collection form no community: it was searched by words and meaning.'
    return { missing }
  },
} satisfies Record<NonNullable<KnowledgeQuery['mode']>, Way>

/** The sources of communities, of each its best first and then of each its next. */
function sourcesOf(sql: SqlStorage, communities: readonly Community[], scope?: Scope): RankedPassage[] {
  const inScope = scope === undefined ? '' : `AND c.${scope.condition}`
  const lists = communities.map(({ id }) =>
    sql
      .exec<{ number: number }>(
        `SELECT c.number FROM community_sentences s JOIN chunks c ON c.number = s.chunk WHERE s.community = ? ${inScope} ORDER BY s.position`,
        id,
        ...(scope?.parameters ?? []),
      )
      .toArray()
      .map(({ number }) => number),
  )
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat()
  return [...new Set(turns)].map((number, at, all) => ({ number, score: 1 - at / all.length, graph: 1 - at / all.length }))
}
