import { setImmediate } from 'node:timers/promises'
import { extractGraph } from '../workers/agents/analysis/document-graph'
import type { Chunk } from '../workers/domain/knowledge'
import type { DocumentGraph } from '../workers/domain/knowledge-graph'
import type { Knowledge } from '../workers/domain/ports'
import type { Figure } from './evaluation.ts'
import { mean, share } from './metrics.ts'
import type { Passage } from './retrieval.ts'

/** A question that takes several passages, found one by way of another: for each hop the ids of passages any of which will do. */
export interface Chain {
  question: string
  hops: string[][]
}

const DEPTHS = [5, 10]

/** Indexes passages as a collection, each with the graph that would be extracted if it were a document of its own. */
export async function indexWithGraph(knowledge: Knowledge, collection: string, passages: readonly Passage[]): Promise<void> {
  const CHUNKS = 200
  for (let start = 0; start < passages.length; start += CHUNKS) {
    const chunks = passages.slice(start, start + CHUNKS).map(chunkOf)
    const graph: DocumentGraph = { entities: [], relations: [] }
    for (const [chunk, each] of chunks.entries()) {
      append(graph, await extractGraph([each]), chunk)
      // Extraction computes only: without a pause a connection that the other side closed meanwhile would be written to.
      await setImmediate()
    }
    await knowledge.index(collection, { documentId: `part-${start}`, name: collection, metadata: {}, chunks, graph })
  }
}

const chunkOf = ({ id, text }: Passage): Chunk => ({
  id,
  text,
  context: '',
  span: { page: 1, start: 0, end: text.length, quote: text },
})

function append(graph: DocumentGraph, { entities, relations }: DocumentGraph, chunk: number): void {
  const before = graph.entities.length
  for (const entity of entities) graph.entities.push({ ...entity, mentions: entity.mentions.map((mention) => ({ ...mention, chunk })) })
  for (const relation of relations) graph.relations.push({ ...relation, head: relation.head + before, tail: relation.tail + before, chunk })
}

/** Rankings of all chains with or without the graph. */
export async function rankChains(
  knowledge: Knowledge,
  collection: string,
  chains: readonly Chain[],
  way: { expand: boolean } | { mode: 'local' },
): Promise<string[][]> {
  const rankings: string[][] = []
  for (const { question } of chains) {
    const { hits } = await knowledge.search(collection, { text: question, limit: Math.max(...DEPTHS), deadlineMs: 60_000, ...way })
    rankings.push(hits.map(({ chunkId }) => chunkId))
  }
  return rankings
}

/** The share of hops that have a passage among the first, and of chains that have one for every hop. */
export function chainFigures(chains: readonly Chain[], rankings: readonly string[][], way: string): Figure[] {
  return DEPTHS.flatMap((depth) => {
    const found = chains.map(({ hops }, index) => {
      const first = new Set((rankings[index] ?? []).slice(0, depth))
      return hops.map((ids) => ids.some((id) => first.has(id)))
    })
    return [
      { metric: `recall@${depth} (${way})`, value: mean(found.map(share)), n: chains.length },
      { metric: `all hops@${depth} (${way})`, value: share(found.map((hops) => hops.every(Boolean))), n: chains.length },
    ]
  })
}
