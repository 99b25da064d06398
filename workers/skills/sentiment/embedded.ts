import { fullText } from '../../domain/documents'
import { detectLanguage } from '../language/embedded'
import { sentencesOf } from '../sentences'
import { spanOf } from '../text/lines'
import type { Sentiment, SentimentInput, SentimentOutput } from './schema'
import { scoreSentence } from './score'

/** VADER's own border of what is neutral. */
const NEUTRAL = 0.05
/** Both sides at least this strong and alike: neither speaks for the whole. */
const MIXED_SIDE = 0.3
const MIXED_BALANCE = 0.2
/** Time grows with the text; an opinion shows before that. */
const MAX_SENTENCES = 2_000

const round = (value: number): number => Math.round(value * 100) / 100

/** The opinion of a document by its sentences. Other languages than German are read as English. */
export function judgeSentiment({ document, documentId, limit }: SentimentInput): SentimentOutput {
  const language = detectLanguage(fullText(document)).language === 'de' ? 'de' : 'en'
  const scored = sentencesOf(document.pages)
    .slice(0, MAX_SENTENCES)
    .map((sentence) => ({ sentence, ...scoreSentence(sentence.text, language) }))
    .filter(({ opinions }) => opinions.length > 0)
  const opinionated = scored.filter(({ score }) => Math.abs(score) >= NEUTRAL)
  const score = opinionated.length === 0 ? 0 : opinionated.reduce((sum, item) => sum + item.score, 0) / opinionated.length
  return {
    sentiment: name(
      score,
      opinionated.map((item) => item.score),
    ),
    score: round(score),
    sentences: opinionated
      .toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score))
      .slice(0, limit)
      .map(({ sentence, score: value, opinions }) => ({
        score: round(value),
        words: opinions.map(({ word }) => word),
        span: spanOf(document.pages, sentence, documentId),
      })),
  }
}

function name(score: number, scores: number[]): Sentiment {
  const [high, low] = [Math.max(0, ...scores), Math.min(0, ...scores)]
  if (high >= MIXED_SIDE && -low >= MIXED_SIDE && Math.abs(score) < MIXED_BALANCE) return 'mixed'
  if (Math.abs(score) < NEUTRAL) return 'neutral'
  return score > 0 ? 'positive' : 'negative'
}
