import * as z from 'zod'
import { documentOf, type Question } from '../ask'
import { comparedFigures } from './figures'
import type { RewriteInput, RewriteOutput } from './schema'

const Answer = z.object({ text: z.string().min(1), changes: z.array(z.string().min(1).max(200)).max(10) })
type Answer = z.infer<typeof Answer>

const STYLES = {
  shorter: 'about half as long: keep what matters, drop what is said twice',
  formal: 'formal: no contractions, no slang, polite and exact',
  plain: 'in plain words: short sentences, one thought each, active voice, words that everybody knows',
} as const

/** Asks for the same text in another style. */
export const rewriteQuestion = ({ text, style, documentIds }: RewriteInput): Question<Answer> => ({
  name: 'rewrite',
  purpose: 'draft',
  task: [
    'Rewrite the text so that it is {{ style }}. Keep its language and its meaning.',
    'Every figure, date, amount and name stays exactly as it is, and nothing is added.',
    'In `changes` say in a few words what you changed.',
  ].join('\n'),
  variables: { style: STYLES[style] },
  document: text,
  answer: Answer,
  // Parts of a long text are rewritten each for itself; combining them by a model would shorten them once more.
  merge: (answers) => ({
    text: answers.map((answer) => answer.text).join('\n\n'),
    changes: [...new Set(answers.flatMap((answer) => answer.changes))].slice(0, 10),
  }),
  ...(documentIds ? { origin: { kind: 'document', id: documentIds.join(', ') }, documentIds } : documentOf(undefined)),
})

const LOST = 'Figures of the original are missing: check whether they matter.'
const ADDED = 'It has figures that the original has not: do not use it unread.'

export function rewriteAnswer({ text: original }: RewriteInput, { text, changes }: Answer): RewriteOutput {
  const compared = comparedFigures(original, text)
  const left = [...(compared.lostFigures.length > 0 ? [LOST] : []), ...(compared.addedFigures.length > 0 ? [ADDED] : [])]
  return { text, changes, left, ...compared }
}
