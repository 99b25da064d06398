import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { Evaluation, Figure } from '../evaluation.ts'
import { mean, reciprocalRank, share } from '../metrics.ts'
import { indexPassages, openKnowledge, rankAll, readCorpus, readLines, remembered } from '../retrieval.ts'

const Question = z.object({ id: z.string(), question: z.string(), gold_doc: z.string(), answers: z.array(z.string()) })
const DEPTH = 10
const CITED = 5

/** Paragraphs of Wikipedia in English, with questions in English, German and Spanish. */
export const evaluation: Evaluation = {
  set: 'rag_xquad',
  skill: 'retrieval',
  method:
    'Each paragraph is one passage of the Knowledge object. A question counts when one of the first five passages holds the exact English answer. ' +
    'German and Spanish questions are asked of the English paragraphs as they are: the embedded encoder knows English only, so what they find they ' +
    'find by names and numbers. Nothing is learned.',
  references: { 'answer recall@5 (en)': { aim: 0.95 } },
  async run({ folder, test, platform }) {
    const passages = readCorpus(folder)
    const texts = new Map(passages.map(({ id, text }) => [id, text]))
    const open = await platform()
    await indexPassages(openKnowledge(open, 'ten_xquad', remembered(open.encoder)), 'paragraphs', passages)
    const english = new Map(readLines(test, /question.*\.en\.jsonl/, Question).map((question) => [question.id, question]))
    const figures: Figure[] = []
    for (const language of ['en', 'de', 'es'].filter((each) => existsSync(join(test, `questions.${each}.jsonl`)))) {
      const asked = readLines(test, new RegExp(`^questions\\.${language}\\.jsonl$`), Question)
      const questions = asked.map(({ question }) => question)
      const rankings = await rankAll(openKnowledge(open, 'ten_xquad', remembered(open.encoder, questions)), 'paragraphs', questions, DEPTH)
      const found = asked.map(({ id }, index) => {
        const answers = english.get(id)?.answers ?? []
        return (rankings[index] ?? []).slice(0, CITED).some((each) => answers.some((answer) => texts.get(each)?.includes(answer)))
      })
      const ranks = asked.map(({ gold_doc }, index) => reciprocalRank(rankings[index] ?? [], (each) => each === gold_doc, DEPTH))
      figures.push({ metric: `answer recall@5 (${language})`, value: share(found), n: found.length })
      figures.push({ metric: `mrr@10 (${language})`, value: mean(ranks), n: ranks.length })
    }
    return figures
  },
}
