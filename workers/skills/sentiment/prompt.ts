import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import { SENTIMENTS, type SentimentInput, type SentimentOutput } from './schema'

const Answer = z.object({
  sentiment: z.enum(SENTIMENTS),
  score: z.number().min(-1).max(1),
  sentences: z.array(z.object({ text: z.string().min(2).max(600), score: z.number().min(-1).max(1) })).max(100),
})
type Answer = z.infer<typeof Answer>

/** Asks for the opinion and the sentences that show it. */
export const sentimentQuestion = ({ document, documentId, limit }: SentimentInput): Question<Answer> => ({
  name: 'sentiment',
  task: 'Which opinion does the writer express: positive, neutral, negative or mixed? Give a score from -1 to 1 and up to {{ limit }} telling sentences, verbatim, each with its score.',
  variables: { limit: String(limit) },
  ...documentOf(documentId, document),
  document: fullText(document),
  answer: Answer,
})

/** Keeps the sentences that stand in the document. */
export const sentimentAnswer = (
  { document, documentId, limit }: SentimentInput,
  { sentiment, score, sentences }: Answer,
): SentimentOutput => ({
  sentiment,
  score,
  sentences: sentences
    .flatMap(({ text, score: value }) => {
      const place = locate(document.pages, text)
      return place ? [{ score: value, words: [], span: spanOf(document.pages, place, documentId) }] : []
    })
    .slice(0, limit),
})
