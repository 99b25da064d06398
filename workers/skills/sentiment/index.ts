import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { judgeSentiment } from './embedded'
import { sentimentAnswer, sentimentQuestion } from './prompt'
import { SentimentInput, SentimentOutput } from './schema'

/** Tells whether a writer is pleased. */
export const sentiment = defineSkill({
  name: 'sentiment',
  summary: 'Tells which opinion a text expresses, with the sentences that show it.',
  input: SentimentInput,
  output: SentimentOutput,
  example: {
    document: textDocument('The engineer was friendly and quick. Sadly the new pump is already broken again.'),
  },
  run: (input, context) =>
    askOrElse(
      context,
      () => sentimentQuestion(input),
      (answer) => sentimentAnswer(input, answer),
      () => judgeSentiment(input),
    ),
})
