import * as z from 'zod'
import type { Evaluation } from '../evaluation.ts'
import { mean, ndcg } from '../metrics.ts'
import { indexPassages, openKnowledge, rankAll, readCorpus, readLines, remembered } from '../retrieval.ts'

const Question = z.object({ question: z.string(), gold_doc: z.string() })
const DEPTH = 10

/** 1,000 medical abstracts, each with the question that its authors asked. */
export const evaluation: Evaluation = {
  set: 'rag_pubmedqa',
  skill: 'retrieval',
  method:
    'Each abstract, without its conclusion, is one passage of the Knowledge object; the right one is the question’s own. Nothing is learned.',
  references: { 'ndcg@10': { aim: 0.975, published: 'BM25 about 0.97' } },
  async run({ folder, test, platform }) {
    const questions = readLines(test, /question.*\.jsonl/, Question)
    const texts = questions.map(({ question }) => question)
    const open = await platform()
    const knowledge = openKnowledge(open, 'ten_pubmedqa', remembered(open.encoder, texts))
    await indexPassages(knowledge, 'abstracts', readCorpus(folder))
    const rankings = await rankAll(knowledge, 'abstracts', texts, DEPTH)
    const values = questions.map(({ gold_doc }, index) => ndcg(rankings[index] ?? [], { [gold_doc]: 1 }, DEPTH))
    return [{ metric: 'ndcg@10', value: mean(values), n: values.length }]
  },
}
