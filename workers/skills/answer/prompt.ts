import * as z from 'zod'
import type { CitedSentence, Contradiction, FalsePremise, Passage } from '../../domain/citations'
import type { Question } from '../ask'
import { placeOf } from '../citations/place'
import { citationAt, verifyClaim } from '../citations/verify'
import { abstain } from './embedded'
import { fullStop } from './full-stop'
import { contradictionText, premiseText } from './phrases'
import type { AnswerInput, AnswerOutput } from './schema'

const MAX_SENTENCES = 12
const MAX_CONTRADICTIONS = 6

const Place = z.object({ source: z.int(), quote: z.string().max(1_000) })
const ModelAnswer = z.object({
  /** False when the sources do not answer. */
  answered: z.boolean(),
  sentences: z.array(z.object({ text: z.string().min(1).max(1_000), places: z.array(Place).max(6) })).max(MAX_SENTENCES),
  /** What the question takes for granted and a source states otherwise. */
  premise: z.object({ asked: z.string(), found: z.string(), place: Place }).nullable(),
  contradictions: z
    .array(z.object({ about: z.string(), sides: z.array(z.object({ value: z.string(), place: Place })).min(2) }))
    .max(MAX_CONTRADICTIONS),
})
type ModelAnswer = z.infer<typeof ModelAnswer>

const TASK = `Answer the question from the numbered sources only, in the language of the question, in at most five sentences.
Each sentence names the sources it rests on with a word-for-word quote of each. Use no other knowledge, even where you believe that a source is wrong.
If the sources do not answer, set answered to false and give no sentences. If they disagree, list both sides under contradictions.
If the question takes something for granted that a source states otherwise, say so under premise; else set premise to null.
The question: {{ question }}`

/** Asks for an answer whose every sentence quotes what it rests on. */
export const answerQuestion = ({ question, passages }: AnswerInput): Question<ModelAnswer> => ({
  name: 'answer',
  task: TASK,
  variables: { question },
  given: [question],
  document: passages.map(labelled).join('\n\n'),
  framing: passages.flatMap(({ span }, index) => [`[source ${index + 1}:`, `, page ${span.page}`]),
  answer: ModelAnswer,
  purpose: 'answer',
  origin: { kind: 'document', id: 'sources', label: `${passages.length} numbered passages` },
  ...sourcesOf(passages),
  asked: question,
  merge: mergeAnswers,
})

/** A passage of no stored document leaves the answer out of the cache: no deletion would reach it. */
const sourcesOf = (passages: readonly Passage[]): Pick<Question<unknown>, 'documentIds'> =>
  passages.every(({ documentId }) => documentId !== '') ? { documentIds: [...new Set(passages.map(({ documentId }) => documentId))] } : {}

const labelled = ({ name, span, context, text }: Passage, index: number): string =>
  // A passage must not begin a source of its own.
  `[source ${index + 1}: ${name}, page ${span.page}${context ? `, ${context}` : ''}]\n${text.replace(/\[(?=\s*source\b)/gi, '(')}`

/** What the parts of many sources say, as one answer: a part that does not answer takes nothing from one that does. */
const mergeAnswers = (answers: ModelAnswer[]): ModelAnswer => ({
  answered: answers.some(({ answered }) => answered),
  sentences: answers.flatMap(({ answered, sentences }) => (answered ? sentences : [])).slice(0, MAX_SENTENCES),
  premise: answers.find(({ premise }) => premise !== null)?.premise ?? null,
  contradictions: answers.flatMap(({ contradictions }) => contradictions).slice(0, MAX_CONTRADICTIONS),
})

/** The model's answer, each sentence held against the sources; what is not borne out is dropped or marked. */
export function verifiedAnswer({ question, passages, unverified }: AnswerInput, answer: ModelAnswer): AnswerOutput {
  if (!answer.answered || answer.sentences.length === 0)
    return abstain(question, passages.length === 0 ? 'no_sources' : 'not_stated', 0.5, [])
  const checked = answer.sentences.map(({ text, places }) =>
    verifyClaim(
      { text, cited: places.flatMap(({ source }) => passages[source - 1]?.id ?? []), quotes: places.map(({ quote }) => quote) },
      passages,
    ),
  )
  const sentences = unverified === 'mark' ? checked : checked.filter(({ status }) => status !== 'unverified')
  const dropped = checked.length - sentences.length
  const warnings = dropped === 0 ? [] : [`${dropped} of ${checked.length} sentences of the model were left out: no source bears them out.`]
  if (sentences.length === 0) return abstain(question, 'unverified', 0.5, warnings)
  const premise = premiseOf(answer, passages)
  const contradictions = contradictionsIn(answer, passages)
  return {
    answer: [
      ...(premise ? [premiseText(question, premise)] : []),
      ...sentences.map(({ text }) => fullStop(text)),
      ...contradictions.map(({ about, sides }) =>
        contradictionText(
          question,
          about,
          sides.map(({ value }) => value),
        ),
      ),
    ].join(' '),
    sentences,
    abstained: false,
    contradictions,
    ...(premise && { premise }),
    confidence: confidenceOf(sentences),
    warnings,
  }
}

const confidenceOf = (sentences: readonly CitedSentence[]): number =>
  Math.round(
    (sentences.reduce((sum, { support, status }) => sum + (status === 'unverified' ? 0 : support), 0) / sentences.length) * 1_000,
  ) / 1_000

/** Where a model's quote stands, or undefined: a model's word alone makes neither premise nor contradiction. */
function citationOf({ source, quote }: z.infer<typeof Place>, passages: readonly Passage[]) {
  const passage = passages[source - 1]
  const place = passage && placeOf(quote, passage.text)
  return passage && place ? citationAt(passage, place) : undefined
}

function premiseOf({ premise }: ModelAnswer, passages: readonly Passage[]): FalsePremise | undefined {
  const citation = premise ? citationOf(premise.place, passages) : undefined
  return premise && citation ? { asked: premise.asked, found: premise.found, citation } : undefined
}

const contradictionsIn = ({ contradictions }: ModelAnswer, passages: readonly Passage[]): Contradiction[] =>
  contradictions.flatMap(({ about, sides }) => {
    const proven = sides.flatMap(({ value, place }) => {
      const citation = citationOf(place, passages)
      return citation ? [{ value, citation }] : []
    })
    return proven.length >= 2 ? [{ about, sides: proven }] : []
  })
