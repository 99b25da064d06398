import * as z from 'zod'
import type { Evaluation } from '../evaluation.ts'
import { averagePrecision, mean, ndcg } from '../metrics.ts'
import { indexPassages, openKnowledge, rankAll, readCorpus, readLines, remembered } from '../retrieval.ts'

const Query = z.object({ text: z.string(), qrels: z.record(z.string(), z.number()) })
/** As deep as one search of the product goes; trec_eval goes to 1,000, which can only be higher. */
const DEPTH = 200

/** 3,204 titles and abstracts of the Communications of the ACM. */
export const evaluation: Evaluation = {
  set: 'rag_cacm',
  skill: 'retrieval',
  method: `Each record is one passage of the Knowledge object. Mean average precision over the first ${DEPTH}. Nothing is learned.`,
  references: { map: { aim: 0.34, published: 'Anserini BM25 0.312, BM25+RM3 0.365 (to rank 1,000)' } },
  async run({ folder, test, platform }) {
    const queries = readLines(test, /quer.*\.jsonl/, Query)
    const texts = queries.map(({ text }) => text)
    const open = await platform()
    const knowledge = openKnowledge(open, 'ten_cacm', remembered(open.encoder, texts))
    await indexPassages(knowledge, 'records', readCorpus(folder))
    const rankings = await rankAll(knowledge, 'records', texts, DEPTH)
    return [
      { metric: 'map', value: mean(queries.map(({ qrels }, index) => averagePrecision(rankings[index] ?? [], qrels))), n: queries.length },
      { metric: 'ndcg@10', value: mean(queries.map(({ qrels }, index) => ndcg(rankings[index] ?? [], qrels, 10))), n: queries.length },
    ]
  },
}
