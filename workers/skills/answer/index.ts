import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { answerEmbedded } from './embedded'
import { answerQuestion, verifiedAnswer } from './prompt'
import { AnswerInput, AnswerOutput } from './schema'

const SENTENCE = 'The library opens on 3 March 2027 and closes on Mondays.'

/** Answers a question from passages, every sentence tied to its place, or says that they do not answer it. */
export const answer = defineSkill({
  name: 'answer',
  summary: 'Answers a question from passages with verified citations, or says that they do not answer it.',
  input: AnswerInput,
  output: AnswerOutput,
  example: {
    question: 'When does the library open?',
    passages: [
      {
        id: 'chk_1',
        documentId: 'doc_1',
        name: 'library.txt',
        text: SENTENCE,
        span: { documentId: 'doc_1', page: 1, start: 0, end: SENTENCE.length, quote: SENTENCE },
      },
    ],
  },
  async run(input, context) {
    const embedded = () => answerEmbedded(input, context.encoder, context.signal)
    // Nothing to read: no model is asked, whatever it would make up.
    if (input.passages.length === 0) return { ...(await embedded()), provider: 'embedded', degraded: false }
    return await askOrElse(
      context,
      () => answerQuestion(input),
      (answered) => verifiedAnswer(input, answered),
      embedded,
    )
  },
})
