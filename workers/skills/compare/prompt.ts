import * as z from 'zod'
import { documentOf, type Question } from '../ask'
import { missingFigures } from '../citations/figures'
import { describeChange } from './embedded'
import type { CompareInput, CompareOutput } from './schema'

const ModelSummary = z.object({
  sentences: z
    .array(z.object({ text: z.string().min(1).max(600), changes: z.array(z.int()).min(1).max(30) }))
    .min(1)
    .max(10),
})
type ModelSummary = z.infer<typeof ModelSummary>

/** Asks what the found changes mean; what changed is never left to a model. */
export const compareQuestion = ({ beforeId, afterId }: CompareInput, found: CompareOutput): Question<ModelSummary> => ({
  name: 'compare',
  task: 'You get the numbered changes between two versions of a document. Say in at most six sentences, in its language, what changed and what matters most: money, dates, duties, rights. Name with each sentence the numbers of the changes it rests on.',
  document: found.changes.map((change, index) => `[${index + 1}] ${describeChange(change)}`).join('\n'),
  answer: ModelSummary,
  purpose: 'summarise',
  ...(beforeId && afterId
    ? { origin: { kind: 'document', id: `${beforeId} and ${afterId}` }, documentIds: [beforeId, afterId] }
    : documentOf(undefined)),
})

/** The model's summary without the sentences whose figures stand in none of the changes they name. */
export function withSummary(found: CompareOutput, { sentences }: ModelSummary): CompareOutput {
  const borneOut = sentences.filter(({ text, changes }) => {
    const named = changes.flatMap((number) => found.changes[number - 1] ?? [])
    const said = named.map(({ before, after, section }) => `${section}\n${before?.quote ?? ''}\n${after?.quote ?? ''}`).join('\n')
    return named.length > 0 && missingFigures(text, said).length === 0
  })
  const dropped = sentences.length - borneOut.length
  if (borneOut.length === 0) return { ...found, warnings: ['The summary of the model was left out: its figures stand in no change.'] }
  return {
    ...found,
    summary: borneOut.map(({ text }) => text).join(' '),
    warnings:
      dropped === 0 ? [] : [`${dropped} of ${sentences.length} sentences of the summary were left out: their figures stand in no change.`],
  }
}
