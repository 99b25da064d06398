import { foldAccents, termOf } from './terms'

/** A question is a question or a few sentences; a pasted page would only make the search slow. */
const MAX_WORDS = 48
const MAX_CHARACTERS = 4_000
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/** Words that occur in nearly every passage of an English or German text: they cost time and tell passages apart by nothing. */
const FREQUENT_WORDS = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its me my no not of on or our ' +
    'she so than that the their them then there these they this those to was we were what when where which who whom why will with would you your ' +
    'aber als am an auch auf aus bei bin bis das dass dem den der des die dies diese dieser durch ein eine einem einen einer eines er es für hat ' +
    'ich ihr im in ist mit nach nicht noch oder sich sie sind so über um und uns unter vom von vor war was wenn wer werden wie wir wird zu zum zur'
  ).split(' '),
)

/** A question's terms with how often it says them, and for each term one of its words as written. */
export interface Question {
  weights: Map<string, number>
  words: Map<string, string>
}

/** The telling words of a question, or undefined when it holds no word. Without telling words, all its words count. */
export function readQuestion(text: string): Question | undefined {
  const words = text.slice(0, MAX_CHARACTERS).normalize('NFC').toLowerCase().match(WORD) ?? []
  const telling = words.filter((word) => !FREQUENT_WORDS.has(word))
  const question: Question = { weights: new Map(), words: new Map() }
  for (const word of telling.length > 0 ? telling : words) {
    const term = termOf(foldAccents(word))
    if (!question.weights.has(term) && question.weights.size >= MAX_WORDS) continue
    question.weights.set(term, (question.weights.get(term) ?? 0) + 1)
    question.words.set(term, word)
  }
  return question.weights.size > 0 ? question : undefined
}

/** An FTS5 expression for passages with any of the words. Each is a quoted string, so nothing a user writes has a meaning to FTS5. */
export const toMatchExpression = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' OR ')
