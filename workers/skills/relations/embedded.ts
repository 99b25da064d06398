import type { Page } from '../../domain/documents'
import { findEntities } from '../entities/embedded'
import type { Entity } from '../entities/schema'
import type { Lexicon } from '../entities/tagger/lexicon'
import { bytesOf, loadLexicon } from '../entities/tagger/load'
import { emissions, readModel } from '../entities/tagger/model'
import { type Token, tokenize } from '../entities/tagger/tokens'
import { splitSentences } from '../sentences'
import { literal } from '../text/pattern'
import { type Candidate, candidatesOf, type Mentioned, pairFeatures } from './features'
import type { Relation, RelationsInput, RelationsOutput } from './schema'

/** From here on a relation is stated. */
const STATED = 0.6
const MAX_ENTITIES = 500

/** Probability that two names stand in a relation. */
export type RelationModel = (features: number[]) => number

type Party = Relation['head'] & { start: number; end: number }

let shipped: Promise<RelationModel> | undefined

/** The weights of the product, unpacked when first asked for. */
export function shippedRelationModel(): Promise<RelationModel> {
  shipped ??= import('./weights.json').then(({ default: { packed } }) => {
    const model = readModel(bytesOf(packed))
    return (features) => 1 / (1 + Math.exp(-(emissions(model, features)[0] ?? 0)))
  })
  return shipped
}

/** The stated relations among names of one sentence; of two opposite directions the likelier. */
export function scoreRelations(
  tokens: readonly string[],
  names: readonly Mentioned[],
  lexicon: Lexicon,
  model: RelationModel,
): (Candidate & { confidence: number })[] {
  const scored = candidatesOf(names)
    .map((candidate) => ({ ...candidate, confidence: model(pairFeatures(tokens, names, candidate, lexicon)) }))
    .filter(({ confidence }) => confidence >= STATED)
  return scored.filter(
    ({ type, head, tail, confidence }) =>
      !scored.some((other) => other.type === type && other.head === tail && other.tail === head && other.confidence > confidence),
  )
}

/** Typed relations among the people, organisations and places of a document, each with its sentence. */
export async function findRelations(input: RelationsInput): Promise<RelationsOutput> {
  const { document, documentId, limit } = input
  const entities = input.entities ?? (await findEntities({ document, documentId, limit: MAX_ENTITIES })).entities
  const [lexicon, model] = await Promise.all([loadLexicon(), shippedRelationModel()])
  const relations = new Map<string, Relation>()
  for (const page of document.pages) {
    const parties = partiesOf(page, entities)
    for (const sentence of splitSentences(page.text)) {
      const inside = parties.filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
      if (inside.length < 2) continue
      const tokens = tokenize(sentence.text).map((token) => ({
        ...token,
        start: token.start + sentence.start,
        end: token.end + sentence.start,
      }))
      for (const relation of stated(tokens, inside, lexicon, model)) {
        const span = {
          ...(documentId !== undefined && { documentId }),
          page: page.number,
          start: sentence.start,
          end: sentence.end,
          quote: page.text.slice(sentence.start, sentence.end),
        }
        keepBest(relations, { ...relation, span })
      }
    }
  }
  return { relations: [...relations.values()].sort((a, b) => b.confidence - a.confidence).slice(0, limit) }
}

function stated(tokens: Token[], parties: Party[], lexicon: Lexicon, model: RelationModel): Omit<Relation, 'span'>[] {
  const names = parties.map(({ type, start, end }): Mentioned => {
    const from = tokens.findIndex((token) => token.end > start)
    const to = tokens.findLastIndex((token) => token.start < end) + 1
    return { start: from, end: Math.max(from + 1, to), kind: type }
  })
  return scoreRelations(
    tokens.map(({ text }) => text),
    names,
    lexicon,
    model,
  ).flatMap(({ type, head, tail, confidence }) => {
    const [a, b] = [parties[head], parties[tail]]
    if (!a || !b || a.name === b.name) return []
    return [
      { type, head: { type: a.type, name: a.name }, tail: { type: b.type, name: b.name }, confidence: Math.round(confidence * 100) / 100 },
    ]
  })
}

/** Every place where a known name stands on a page, longest names first. */
function partiesOf(page: Page, entities: Entity[]): Party[] {
  const found: Party[] = []
  const named = entities.flatMap((entity) =>
    entity.type === 'person' || entity.type === 'organisation' || entity.type === 'place' ? [{ ...entity, type: entity.type }] : [],
  )
  for (const { type, text, normalized } of named.toSorted((a, b) => b.text.length - a.text.length))
    for (const match of page.text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal(text)}(?![\\p{L}\\p{N}])`, 'gu'))) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (!found.some((other) => start < other.end && end > other.start)) found.push({ type, name: normalized, start, end })
    }
  return found.sort((a, b) => a.start - b.start)
}

function keepBest(relations: Map<string, Relation>, relation: Relation): void {
  const key = `${relation.type}|${relation.head.name.toLowerCase()}|${relation.tail.name.toLowerCase()}`
  const known = relations.get(key)
  if (known === undefined || known.confidence < relation.confidence) relations.set(key, relation)
}
