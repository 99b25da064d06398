import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/launch.ts'
import { learnAnswer } from './answer-learning.ts'
import { openPlatform } from './platform.ts'
import { articleOf, COLLECTION, learningCases, openKnowledge, readCorpus, readQuestions, remembering, wordF1 } from './xquad.ts'

/** Learns the weights of the answer skill from the dev part of `<data>/rag_xquad` and writes them beside the skill. */
export async function writeWeights(data = join(root, '../shared/data')): Promise<void> {
  const platform = await openPlatform()
  try {
    const encoder = remembering(platform.encoder)
    const knowledge = openKnowledge(platform, encoder, 'train')
    const folder = join(data, 'rag_xquad')
    const paragraphs = readCorpus(folder)
    for (const article of new Set(paragraphs.map((paragraph) => paragraph.article)))
      await knowledge.index(COLLECTION, articleOf(article, paragraphs))
    const { cases, spans } = await learningCases(knowledge, encoder, paragraphs, readQuestions(join(folder, 'dev'), 'en'))
    const { words, withEncoder, spans: spanWeights } = learnAnswer(cases, spans, wordF1)
    const list = (weights: readonly number[]) => `[${weights.join(', ')}]`
    writeFileSync(
      join(root, 'workers/skills/answer/learned-weights.ts'),
      `// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: learned, and near a constant by chance
import type { AnswerWeights } from './weights'

/** Written by \`node evals/train-answer.ts\`; see there for what it learns from. */
// biome-ignore format: written by a program
export const LEARNED: Pick<AnswerWeights, 'words' | 'withEncoder' | 'spans'> = {
  words: { order: ${list(words.order)}, answers: ${list(words.answers)} },
  withEncoder: { order: ${list(withEncoder.order)}, answers: ${list(withEncoder.answers)} },
  spans: ${list(spanWeights)},
}
`,
    )
  } finally {
    await platform.stop()
  }
}
