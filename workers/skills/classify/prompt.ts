import * as z from 'zod'
import { fullText, type ParsedDocument } from '../../domain/documents'
import type { Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import { type ClassifyOutput, type CustomLabel, DOCUMENT_CLASSES } from './schema'

const Answer = z.object({ class: z.string(), confidence: z.number().min(0).max(1), evidence: z.array(z.string()).max(8) })
type Answer = z.infer<typeof Answer>

const namesOf = (labels?: CustomLabel[]): string[] => [...new Set([...(labels?.map((label) => label.name) ?? DOCUMENT_CLASSES), 'other'])]

/** Asks for the class and for the words of the document that decide it. */
export function classifyQuestion(document: ParsedDocument, labels?: CustomLabel[]): Question<Answer> {
  const described = labels?.filter((label) => label.description).map((label) => `${label.name}: ${label.description}`) ?? []
  return {
    name: 'classification',
    task: [
      `Classify the document as exactly one of: ${namesOf(labels).join(', ')}. Use "other" when none fits.`,
      ...described,
      'Give your confidence from 0 to 1, and as evidence up to 8 short quotes, verbatim from the document.',
    ].join('\n'),
    document: fullText(document),
    answer: Answer.refine((answer) => namesOf(labels).includes(answer.class), {
      path: ['class'],
      message: `use one of ${namesOf(labels).join(', ')}`,
    }),
  }
}

/** Keeps the quotes that stand in the document. */
export function classifyAnswer(document: ParsedDocument, answer: Answer): ClassifyOutput {
  const evidence = answer.evidence.flatMap((term) => {
    const place = locate(document.pages, term)
    return place ? [{ term, weight: 1, span: spanOf(document.pages, place) }] : []
  })
  return { class: answer.class, confidence: answer.confidence, evidence, alternatives: [] }
}
