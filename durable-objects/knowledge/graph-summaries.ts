import { Span } from '../../workers/domain/documents'
import { CO_OCCURRENCE, type Community, type SummarySentence } from '../../workers/domain/knowledge-graph'
import { leansBack } from '../../workers/domain/sentence-opening'
import type { Scope } from './filters'

/** Passages that are read for a summary, and sentences that it has. */
const PASSAGES = 12
const SENTENCES = 6
const SENTENCES_PER_PASSAGE = 2
/** Shorter ones are headings and crumbs, longer ones are tables. */
const LEAST_CHARACTERS = 30
const MOST_CHARACTERS = 500
const TITLE_ENTITIES = 3
const SHOWN_ENTITIES = 12
const SHOWN_RELATIONS = 6

/** Chooses the sentences that speak of most of a community. Does nothing to one that has gone. Call it inside a transaction. */
export function summarise(sql: SqlStorage, community: number): void {
  const places = sql
    .exec<{ chunk: number; text: string }>(
      `SELECT c.number AS chunk, c.text FROM chunks c JOIN (
         SELECT m.chunk, count(DISTINCT m.entity) AS members, sum(o.degree) AS degree FROM community_members o
         JOIN entity_mentions m ON m.entity = o.entity WHERE o.community = ? GROUP BY m.chunk
         ORDER BY members DESC, degree DESC, m.chunk LIMIT ?
       ) best ON best.chunk = c.number ORDER BY c.number`,
      community,
      PASSAGES,
    )
    .toArray()
  const sentences = places.flatMap(({ chunk, text }) => bestOf(sql, community, chunk, text))
  sentences.sort((a, b) => b.score - a.score || a.chunk - b.chunk || a.first - b.first)
  for (const [position, { chunk, first, last }] of sentences.slice(0, SENTENCES).entries())
    sql.exec(
      'INSERT OR REPLACE INTO community_sentences (community, position, chunk, first, last) VALUES (?, ?, ?, ?, ?)',
      ...[community, position, chunk, first, last],
    )
  sql.exec('UPDATE communities SET is_summarised = 1 WHERE id = ?', community)
}

interface Scored {
  chunk: number
  first: number
  last: number
  score: number
}

function bestOf(sql: SqlStorage, community: number, chunk: number, text: string): Scored[] {
  const mentions = sql
    .exec<{ entity: number; first: number; last: number; degree: number }>(
      `SELECT m.entity, m.first, m.last, o.degree FROM entity_mentions m JOIN community_members o ON o.entity = m.entity AND o.community = ?
       WHERE m.chunk = ?`,
      community,
      chunk,
    )
    .toArray()
  return statementsOf(text)
    .filter(({ first, last }) => last - first >= LEAST_CHARACTERS && last - first <= MOST_CHARACTERS)
    .map(({ first, last }) => {
      const inside = new Map(mentions.filter((each) => each.first >= first && each.last <= last).map((each) => [each.entity, each.degree]))
      // Logarithms: one very well connected entity says less than three that are connected well.
      const score = [...inside.values()].reduce((sum, degree) => sum + Math.log1p(degree), 0)
      return { chunk, first, last, score: endsWhole(text.slice(first, last)) ? score : score * UNFINISHED }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.first - b.first)
    .filter(({ first, last }, at, all) => !all.slice(0, at).some((better) => first < better.last && better.first < last))
    .slice(0, SENTENCES_PER_PASSAGE)
}

/** A heading, or a sentence that goes on in the next passage. */
const UNFINISHED = 0.5
const endsWhole = (sentence: string): boolean => /[.!?…]["”“»)\]]*$/u.test(sentence)

/**
 * Sentences that can stand alone. One that begins with a pronoun or a connective takes those before it along, word for word, so that
 * it says of nobody else what it says; where these are not in the passage it is left out.
 */
export function statementsOf(text: string): { first: number; last: number }[] {
  let opened: number | undefined
  return sentencesOf(text).flatMap(({ first, last }) => {
    if (!leansBack(text.slice(first, last))) {
      opened = first
      return [{ first, last }]
    }
    return opened !== undefined && !/\n\s*\n/.test(text.slice(opened, last)) ? [{ first: opened, last }] : []
  })
}

/** After such an end the segmenter is wrong more often than right. */
const ABBREVIATION = /(?:^|[\s(])(?:\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Hr|Fr|No|Nr|Inc|Ltd|Corp|Co|Art|Sec|vs|etc|z\. ?B|bzw|ca)\.\s*$/u

/** Sentences without the space around them. */
export function sentencesOf(text: string): { first: number; last: number }[] {
  const joined: { first: number; last: number }[] = []
  let isOpen = false
  // A line break inside a sentence is layout: the segmenter must not see an end there.
  const flowing = text.replace(/(?<=[\p{Ll}\p{N},;])\n(?=[\p{Ll}\p{N}(])|(?<=[^\n]{50}[\p{Ll},])\n(?=\p{Lu})/gu, ' ')
  for (const { segment, index } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(flowing)) {
    const first = index + segment.length - segment.trimStart().length
    const last = index + segment.trimEnd().length
    if (last <= first) continue
    const before = joined.at(-1)
    if (isOpen && before !== undefined) before.last = last
    else joined.push({ first, last })
    isOpen = ABBREVIATION.test(segment) && !segment.includes('\n')
  }
  return joined
}

/** Communities as they are shown, in the order of the ids, made of what the sources say now; with a scope, of those documents only. */
export function readCommunities(sql: SqlStorage, ids: readonly number[], scope?: Scope): Community[] {
  return ids.flatMap((id) => {
    const members = sql
      .exec<{ id: number; name: string }>(
        `SELECT e.id, e.name FROM community_members m JOIN entities e ON e.id = m.entity
         WHERE m.community = ? ORDER BY m.degree DESC, e.key LIMIT ?`,
        id,
        SHOWN_ENTITIES,
      )
      .toArray()
    if (members.length === 0) return []
    const { size } = sql.exec<{ size: number }>('SELECT count(*) AS size FROM community_members WHERE community = ?', id).one()
    const sentences = readSentences(sql, id, scope)
    const relations = readRelations(sql, id, scope)
    const title = members
      .slice(0, TITLE_ENTITIES)
      .map(({ name }) => name)
      .join(', ')
    const summary = [...relations.map((relation) => `${relation}.`), ...sentences.map(({ text }) => text)].join(' ')
    return [{ id, title, size, entities: members.map((member) => member.id), summary, relations, sentences }]
  })
}

function readSentences(sql: SqlStorage, community: number, scope: Scope | undefined): SummarySentence[] {
  return sql
    .exec<{ chunkId: string; documentId: string; name: string; text: string; span: string; first: number; last: number }>(
      `SELECT c.id AS chunkId, c.document_id AS documentId, d.name, c.text, c.span, s.first, s.last FROM community_sentences s
       JOIN chunks c ON c.number = s.chunk JOIN documents d ON d.id = c.document_id
       WHERE s.community = ? ${scope === undefined ? '' : `AND c.${scope.condition}`} ORDER BY s.position`,
      community,
      ...(scope?.parameters ?? []),
    )
    .toArray()
    .map(({ chunkId, documentId, name, text, span, first, last }) => {
      const whole = Span.parse(JSON.parse(span))
      const quote = text.slice(first, last)
      return { chunkId, documentId, name, text: quote, span: { ...whole, start: whole.start + first, end: whole.start + last, quote } }
    })
}

function readRelations(sql: SqlStorage, community: number, scope: Scope | undefined): string[] {
  const inScope = scope === undefined ? '' : `AND g.chunk IN (SELECT number FROM chunks WHERE ${scope.condition})`
  return sql
    .exec<{ head: string; type: string; tail: string }>(
      `SELECT h.name AS head, g.type, t.name AS tail FROM community_members m JOIN entity_edges g ON g.source = m.entity
       JOIN community_members o ON o.community = m.community AND o.entity = g.target
       JOIN entities h ON h.id = g.source JOIN entities t ON t.id = g.target
       WHERE m.community = ? AND g.type <> ? ${inScope} GROUP BY g.source, g.type, g.target ORDER BY sum(g.weight) DESC, h.key, t.key LIMIT ?`,
      community,
      CO_OCCURRENCE,
      ...(scope?.parameters ?? []),
      SHOWN_RELATIONS,
    )
    .toArray()
    .map(({ head, type, tail }) => `${head} ${type.replaceAll('_', ' ')} ${tail}`)
}
