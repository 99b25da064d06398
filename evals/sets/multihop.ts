import * as z from 'zod'
import type { Evaluation } from '../evaluation.ts'
import { chainFigures, indexWithGraph, rankChains } from '../multihop.ts'
import { openKnowledge, readCorpus, readLines, remembered } from '../retrieval.ts'

const Question = z.object({ question: z.string(), hops: z.array(z.array(z.string())) })

/** Notes of a made-up company. */
export const evaluation: Evaluation = {
  set: 'multihop',
  isOwn: true,
  skill: 'multihop',
  method:
    'Notes and questions of our own; each question takes two or three notes and does not name what connects them. A hop is found when its note is among ' +
    'the first. The graph is the one that the product extracts. `without`: words and vectors alone; `expanded`: with the entities of the best passages ' +
    'followed. Nothing was learned from this set.',
  references: {},
  async run({ folder, test, platform }) {
    const chains = readLines(test, /^questions.*\.jsonl$/, Question)
    const open = await platform()
    const questions = chains.map(({ question }) => question)
    const knowledge = openKnowledge(open, 'ten_multihop', remembered(open.encoder, questions))
    await indexWithGraph(knowledge, 'notes', readCorpus(folder))
    const without = await rankChains(knowledge, 'notes', chains, { expand: false })
    const expanded = await rankChains(knowledge, 'notes', chains, { expand: true })
    return [...chainFigures(chains, without, 'without'), ...chainFigures(chains, expanded, 'expanded')]
  },
}
