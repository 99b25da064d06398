import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { summariseEmbedded } from './embedded'
import { summariseAnswer, summariseQuestion } from './prompt'
import { SummariseInput, SummariseOutput } from './schema'

/** Says what a document is about, with the places it rests on. */
export const summarise = defineSkill({
  name: 'summarise',
  summary: 'Says what a document is about in sentences that point to their places.',
  input: SummariseInput,
  output: SummariseOutput,
  example: {
    document: textDocument(
      'The committee approved the budget for the new library. Work on the building begins in spring and ends next year.',
    ),
  },
  run: (input, context) =>
    askOrElse(
      context,
      () => summariseQuestion(input),
      (answer) => summariseAnswer(input, answer),
      () => summariseEmbedded(input),
    ),
})
