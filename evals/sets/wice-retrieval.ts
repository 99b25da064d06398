import * as z from 'zod'
import type { Evaluation } from '../evaluation.ts'
import { mean, recall, share } from '../metrics.ts'
import { indexPassages, openKnowledge, rankAll, readLines } from '../retrieval.ts'

const Claim = z.object({ claim: z.string(), evidence: z.array(z.string()), supporting_sentences: z.array(z.array(z.number())) })
const DEPTH = 5

/** Claims of Wikipedia and the sentences of the web pages that they cite. */
export const evaluation: Evaluation = {
  set: 'citation_wice',
  skill: 'retrieval',
  method:
    'The sentences of the cited page are the passages of a collection of their own; the claim is the question. A case counts by the share of its best ' +
    'alternative set of evidence sentences among the first five. Claims without evidence are left out. The encoder is left out as well, as if it did ' +
    'not answer: 40,000 sentences would take minutes, and among sentences of one page vectors weigh next to nothing. Nothing is learned.',
  references: { 'recall@5': { aim: 0.82, published: 'BM25 0.76' } },
  async run({ test, platform }) {
    const claims = readLines(test, /claim.*\.jsonl/, Claim)
      .map((claim) => ({ ...claim, sets: claim.supporting_sentences.filter((set) => set.length > 0) }))
      .filter(({ sets }) => sets.length > 0)
    const dead = {
      model: 'none',
      dimensions: 1,
      embed: async () => await Promise.reject(new Error('left out of this evaluation')),
    }
    const knowledge = openKnowledge(await platform(), 'ten_wice', dead)
    const found: { ids: string[]; sets: string[][] }[] = []
    for (const [index, { claim, evidence, sets }] of claims.entries()) {
      const page = `page-${index}`
      await indexPassages(
        knowledge,
        page,
        evidence.map((text, at) => ({ id: String(at), text })),
      )
      const [ids = []] = await rankAll(knowledge, page, [claim], DEPTH)
      found.push({ ids, sets: sets.map((set) => set.map(String)) })
    }
    return [
      {
        metric: 'recall@5',
        value: mean(found.map(({ ids, sets }) => Math.max(...sets.map((set) => recall(ids, set, DEPTH))))),
        n: found.length,
      },
      { metric: 'any evidence@5', value: share(found.map(({ ids, sets }) => sets.flat().some((id) => ids.includes(id)))), n: found.length },
    ]
  },
}
