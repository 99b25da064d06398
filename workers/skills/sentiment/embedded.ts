import { fullText } from '../../domain/documents'
import { detectLanguage } from '../language/embedded'
import { sentencesOf } from '../sentences'
import { spanOf } from '../text/lines'
import type { Sentiment, SentimentInput, SentimentOutput } from './schema'
import { scoreSentence } from './score'

/** One weak word in a sentence, such as `unfortunately`, is no opinion on the whole yet. */
const NEUTRAL = 0.3
/** VADER's own border of what a sentence has to say. */
const SILENT = 0.05
/** Both sides at least this strong, and the weaker one this share of the stronger: neither speaks for the whole. */
const MIXED_SIDE = 0.4
const MIXED_BALANCE = 0.4
/** In a long text a few words of opinion, none of them strong, are chance. */
const CHANCE_SHARE = 0.1
const STRONG = 0.6
const SHORT_TEXT = 40
/** Time grows with the text; an opinion shows before that. */
const MAX_SENTENCES = 2_000
/** Praise and blame in one sentence part here. */
const TURNING =
  /[;:]\s+|[,.–-]?\s+(?=(?:but|however|although|though|yet|unfortunately|sadly|aber|jedoch|allerdings|leider|obwohl|nur)(?!\p{L}))/iu

const round = (value: number): number => Math.round(value * 100) / 100

/** The opinion of a document by its sentences. Other languages than German are read as English. */
export function judgeSentiment({ document, documentId, limit }: SentimentInput): SentimentOutput {
  const language = tongueOf(fullText(document))
  const sentences = sentencesOf(document.pages).slice(0, MAX_SENTENCES)
  const opinionated = sentences
    .map((sentence) => ({ sentence, ...scoreSentence(sentence.text, language) }))
    .filter(({ score, opinions }) => opinions.length > 0 && Math.abs(score) >= SILENT)
  const scores = opinionated.flatMap(({ sentence }) => sentence.text.split(TURNING).map((part) => scoreSentence(part, language).score))
  const isChance = opinionated.length < CHANCE_SHARE * sentences.length && opinionated.every(({ score }) => Math.abs(score) < STRONG)
  const score = isChance ? 0 : weightedMean(opinionated.map((item) => item.score))
  return {
    sentiment: name(score, scores),
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

/** A few words are too short to tell their language by: that one is taken in which they say more. */
function tongueOf(text: string): 'en' | 'de' {
  if (text.length > SHORT_TEXT) return detectLanguage(text).language === 'de' ? 'de' : 'en'
  const [german, english] = [scoreSentence(text, 'de').score, scoreSentence(text, 'en').score]
  return Math.abs(german) > Math.abs(english) ? 'de' : 'en'
}

/** Strong sentences say more of the whole than weak ones. */
function weightedMean(scores: readonly number[]): number {
  const weights = scores.reduce((sum, score) => sum + Math.abs(score), 0)
  return weights === 0 ? 0 : scores.reduce((sum, score) => sum + score * Math.abs(score), 0) / weights
}

function name(score: number, parts: readonly number[]): Sentiment {
  const praise = parts.filter((part) => part >= MIXED_SIDE).reduce((sum, part) => sum + part, 0)
  const blame = -parts.filter((part) => part <= -MIXED_SIDE).reduce((sum, part) => sum + part, 0)
  if (praise > 0 && blame > 0 && Math.min(praise, blame) >= MIXED_BALANCE * Math.max(praise, blame)) return 'mixed'
  if (Math.abs(score) < NEUTRAL) return 'neutral'
  return score > 0 ? 'positive' : 'negative'
}
