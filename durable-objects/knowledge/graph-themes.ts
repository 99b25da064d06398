import type { Community } from '../../workers/domain/knowledge-graph'
import type { Scope } from './filters'
import { readGraphState } from './graph-state'
import { readCommunities } from './graph-summaries'
import { readQuestion } from './question'
import type { RankedPassage } from './ranking'
import { termsOf } from './terms'

/** Communities that a question is answered with, and passages whose entities speak for a community. */
const COMMUNITIES = 5
const VOTERS = 20
/** What the passages that were found say of a community beside the words of its summary. */
const VOTE_WEIGHT = 1

/** The communities that fit a question best; of a question that fits none, such as what all this is about, the weightiest. */
export function themesOf(sql: SqlStorage, text: string, found: readonly RankedPassage[], scope?: Scope): Community[] {
  const { built } = readGraphState(sql)
  const ids = sql.exec<{ id: number }>('SELECT id FROM communities WHERE build = ? ORDER BY id', built).toArray()
  const communities = readCommunities(
    sql,
    ids.map(({ id }) => id),
    scope,
  ).filter(({ sentences }) => sentences.length > 0)
  const words = wordScores(text, communities)
  const votes = votesFor(sql, found)
  const scored = communities.map((community) => ({
    community,
    score: (words.get(community.id) ?? 0) + VOTE_WEIGHT * (votes.get(community.id) ?? 0),
  }))
  // Communities are numbered by weight, so that equal scores leave the weightier first.
  const ordered = scored.sort((a, b) => b.score - a.score || a.community.id - b.community.id)
  const fitting = ordered.filter(({ score }) => score > 0)
  return (fitting.length > 0 ? fitting : ordered).slice(0, COMMUNITIES).map(({ community }) => community)
}

/** The share of the question's words, weighed by how few communities have them, that a community's title and summary hold. */
function wordScores(text: string, communities: readonly Community[]): Map<number, number> {
  const terms = [...(readQuestion(text)?.weights.keys() ?? [])]
  const held = communities.map(({ id, title, summary }) => ({ id, terms: new Set(termsOf(`${title} ${summary}`)) }))
  const rarity = new Map(terms.map((term) => [term, rarityAmong(held, term)]))
  const all = [...rarity.values()].reduce((sum, value) => sum + value, 0)
  if (all === 0) return new Map()
  return new Map(
    held.map((each) => [each.id, terms.reduce((sum, term) => sum + (each.terms.has(term) ? (rarity.get(term) ?? 0) : 0), 0) / all]),
  )
}

const rarityAmong = (held: readonly { terms: Set<string> }[], term: string): number => {
  const having = held.filter(({ terms }) => terms.has(term)).length
  return Math.log(1 + (held.length - having + 0.5) / (having + 0.5))
}

/** How much of the best passages, the first counting most, is about each community; together 1. */
function votesFor(sql: SqlStorage, found: readonly RankedPassage[]): Map<number, number> {
  const { built } = readGraphState(sql)
  const votes = new Map<number, number>()
  let all = 0
  for (const [rank, { number }] of found.slice(0, VOTERS).entries()) {
    for (const { community, members } of sql.exec<{ community: number; members: number }>(
      `SELECT o.community, count(DISTINCT m.entity) AS members FROM entity_mentions m JOIN community_members o ON o.entity = m.entity
       JOIN communities c ON c.id = o.community AND c.build = ? WHERE m.chunk = ? GROUP BY o.community`,
      built,
      number,
    )) {
      const vote = members / (rank + 1)
      votes.set(community, (votes.get(community) ?? 0) + vote)
      all += vote
    }
  }
  return new Map([...votes].map(([community, vote]) => [community, vote / all]))
}
