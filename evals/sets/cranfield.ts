import * as z from 'zod'
import type { Evaluation } from '../evaluation.ts'
import { mean, ndcg } from '../metrics.ts'
import { indexPassages, openKnowledge, rankAll, readCorpus, readLines, remembered } from '../retrieval.ts'

const Query = z.object({ text: z.string(), qrels: z.record(z.string(), z.number()) })
const DEPTH = 10

/** 1,400 abstracts on aerodynamics with graded judgements. */
export const evaluation: Evaluation = {
  set: 'rag_cranfield',
  skill: 'retrieval',
  method:
    'Each abstract is one passage of the Knowledge object; questions go through the Knowledge port as users’ do. Gains are the judgements’ 1 to 4, ' +
    'nDCG with linear gains. Nothing is learned; the constants of ranking are one choice for all retrieval sets, made on their dev parts.',
  references: { 'ndcg@10': { aim: 0.53, published: 'plain BM25 0.498' } },
  async run({ folder, test, platform }) {
    const queries = readLines(test, /quer.*\.jsonl/, Query)
    const texts = queries.map(({ text }) => text)
    const open = await platform()
    const knowledge = openKnowledge(open, 'ten_cranfield', remembered(open.encoder, texts))
    await indexPassages(knowledge, 'abstracts', readCorpus(folder))
    const rankings = await rankAll(knowledge, 'abstracts', texts, DEPTH)
    const values = queries.map(({ qrels }, index) => ndcg(rankings[index] ?? [], qrels, DEPTH))
    return [{ metric: 'ndcg@10', value: mean(values), n: values.length }]
  },
}
