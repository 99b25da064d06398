import * as z from 'zod'
import { AnswerTrace, UnverifiedPolicy } from '../../domain/citations'
import { CollectionName, MetadataFilter } from '../../domain/knowledge'
import { SearchMode } from '../../domain/knowledge-graph'
import { askCollection, DEFAULT_PASSAGES } from '../../skills/answer/ask-collection'
import { AnswerOutput, MAX_PASSAGES, MAX_QUESTION_CHARS } from '../../skills/answer/schema'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'

/** Answers a question from a collection; an answer that abstains is an output too, on which a workflow can branch. */
export const answerQuestion = defineOperation({
  summary: 'Answers a question from a collection with verified citations, or says that the sources do not say.',
  input: z.object({
    question: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
    collection: CollectionName.default('default'),
    filter: MetadataFilter.optional(),
    limit: z.int().min(1).max(MAX_PASSAGES).default(DEFAULT_PASSAGES),
    /** `global` asks what all of the collection says, `local` what surrounds the names in the question. */
    mode: SearchMode.default('hybrid'),
    unverified: UnverifiedPolicy.default('drop'),
  }),
  output: AnswerOutput.extend({ trace: AnswerTrace }),
  example: { question: 'When is the invoice due?', collection: 'default' },
  run: async (input, context, ports) => {
    const answered = await askCollection(
      ports,
      { ...input, payer: { ...(ports.purse && { purse: ports.purse }), onCall: (call) => context.charge(call) } },
      await skillContext(context, ports),
      (stage) => context.progress(`${stage.name}: ${stage.status}`),
    )
    return settle(context, answered)
  },
})
