import type { CitedSentence } from '../../domain/citations'
import type { Community } from '../../domain/knowledge-graph'
import type { AnswerOutput } from './schema'

/** More sentences are a report, not an answer. */
const MAX_SENTENCES = 10
/** Nothing is known of how well the communities fit the question but their order. */
const CONFIDENCE = 0.5

/**
 * An answer to a question about all of a collection without a model: the most central sentences of the communities that fit, word for
 * word and each with its place, the first of every community before the second of any.
 */
export function answerThemes(communities: readonly Community[]): AnswerOutput {
  const longest = Math.max(0, ...communities.map(({ sentences }) => sentences.length))
  const turns = Array.from({ length: longest }, (_, turn) => communities.flatMap(({ sentences }) => sentences.slice(turn, turn + 1))).flat()
  const chosen = turns.slice(0, MAX_SENTENCES)
  const sentences = chosen.map(({ chunkId, documentId, name, text, span }): CitedSentence => {
    const citation = { passageId: chunkId, label: `${name}, page ${span.page}`, span: { ...span, documentId } }
    return { text, citations: [citation], status: 'verified', support: 1, problems: [] }
  })
  return {
    answer: sentences.map(({ text }) => text).join(' '),
    sentences,
    abstained: false,
    contradictions: [],
    confidence: CONFIDENCE,
    warnings: ['No model put this into words: these are sentences of the sources, the most central of each community that fits.'],
  }
}
