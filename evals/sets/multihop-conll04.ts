import type { Evaluation } from '../evaluation.ts'
import { type Chain, chainFigures, indexWithGraph, rankChains } from '../multihop.ts'
import { openKnowledge, type Passage, remembered } from '../retrieval.ts'
import { readRows } from '../train/injection.ts'

interface Row {
  tokens: string[]
  entities: { start: number; end: number }[]
  relations: { head: number; tail: number; type: string }[]
}

/** What stands for the entity that a first relation leads to, so that its name is not said. */
const DESCRIBED: Record<string, (head: string) => string> = {
  Live_In: (head) => `the place where ${head} lives or comes from`,
  Work_For: (head) => `the organisation that ${head} works for or belongs to`,
  OrgBased_In: (head) => `the place where ${head} is based`,
  Located_In: (head) => `the place in which ${head} lies`,
  Kill: (head) => `the person whom ${head} killed`,
}
const ASKED: Record<string, (described: string) => string> = {
  Live_In: (described) => `Where does ${described} live or come from?`,
  Work_For: (described) => `Which organisation does ${described} work for or belong to?`,
  OrgBased_In: (described) => `Where is ${described} based?`,
  Located_In: (described) => `Where is ${described} located?`,
  Kill: (described) => `Whom did ${described} kill?`,
}

interface Fact {
  sentence: string
  type: string
  head: string
  tail: string
}

const written = (tokens: readonly string[]): string =>
  tokens
    .join(' ')
    .replace(/ (?=[,.;:?!)%]|'s\b|n't\b)/g, '')
    .replace(/\( /g, '(')

/** Chains of two labelled relations of different sentences; the entity between them is in neither question nor template. */
export function chainsOf(facts: readonly Fact[]): Chain[] {
  const chains = new Map<string, Chain>()
  for (const first of facts) {
    const starts = facts.filter(({ head, type }) => head === first.head && type === first.type)
    const middles = new Set(starts.map(({ tail }) => tail))
    for (const type of Object.keys(ASKED)) {
      const begun = new Set(starts.map(({ sentence }) => sentence))
      const ends = facts.filter(
        (fact) => fact.type === type && middles.has(fact.head) && fact.head !== first.head && !begun.has(fact.sentence),
      )
      if (ends.length === 0) continue
      const question = ASKED[type]?.(DESCRIBED[first.type]?.(first.head) ?? '') ?? ''
      if ([...middles].some((name) => question.includes(name))) continue
      chains.set(question, { question, hops: [[...begun], [...new Set(ends.map(({ sentence }) => sentence))]] })
    }
  }
  return [...chains.values()]
}

/** News sentences with labelled people, organisations, places and their relations. */
export const evaluation: Evaluation = {
  set: 'kg_conll04',
  skill: 'multihop',
  method:
    'Sentences are the passages of one collection. Two labelled relations of different sentences that share an entity make a question which does not ' +
    'name that entity, such as “Where is the organisation that A works for based?”; a hop is found when one of the sentences that state it is among ' +
    'the first. Labels make the questions only: the graph is the one that the product extracts. `without`: words and vectors alone; `expanded`: with ' +
    'the entities of the best passages followed; `local`: mode local. The weight of the graph was chosen on the even half of the chains of the ' +
    'development part; `odd half` is the other.',
  references: {},
  async run({ test, platform }) {
    const rows = readRows<Row>(test, '')
    const passages = rows.map(({ tokens }, at): Passage => ({ id: `s${at}`, text: written(tokens) }))
    const facts = rows.flatMap(({ tokens, entities, relations }, at) => {
      const name = (index: number) => written(tokens.slice(entities[index]?.start, entities[index]?.end))
      return relations.map(({ head, tail, type }): Fact => ({ sentence: `s${at}`, type, head: name(head), tail: name(tail) }))
    })
    const chains = chainsOf(facts)
    const open = await platform()
    const questions = chains.map(({ question }) => question)
    const knowledge = openKnowledge(open, 'ten_conll04', remembered(open.encoder, questions))
    await indexWithGraph(knowledge, 'sentences', passages)
    const ways = { without: { expand: false }, expanded: { expand: true }, local: { mode: 'local' } } as const
    const figures = []
    for (const [name, way] of Object.entries(ways)) {
      const rankings = await rankChains(knowledge, 'sentences', chains, way)
      figures.push(...chainFigures(chains, rankings, name))
      const odd = chains.flatMap((_, at) => (at % 2 === 1 ? [at] : []))
      const some = <T>(list: readonly T[]): T[] => odd.flatMap((at) => list.slice(at, at + 1))
      figures.push(...chainFigures(some(chains), some(rankings), `${name}, odd half`).filter(({ metric }) => metric.startsWith('recall')))
    }
    return figures
  },
}
