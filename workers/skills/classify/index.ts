import { fullText, type ParsedDocument, textDocument } from '../../domain/documents'
import type { Encoder } from '../../domain/models'
import { askOrElse } from '../ask'
import { detectLanguage } from '../language/embedded'
import { defineSkill } from '../skill'
import { classifyEmbedded } from './embedded'
import { canCompare, classifyByLikeness, classifyByMeaning } from './likeness'
import { classifyAnswer, classifyQuestion } from './prompt'
import { ClassifyInput, ClassifyOutput, type CustomLabel } from './schema'

/** Names a document's class with the words that decided. */
export const classify = defineSkill({
  name: 'classify',
  summary: 'Names the class of a document with confidence and the words that decided.',
  input: ClassifyInput,
  output: ClassifyOutput,
  example: {
    document: textDocument('Invoice\nInvoice No: 2024-17\nTotal due: 119.00 EUR'),
  },
  run: ({ document, documentId, labels }, context) =>
    askOrElse(
      context,
      () => classifyQuestion({ document, documentId, labels }),
      (answer) => classifyAnswer(document, answer),
      () => classifyWithout(document, labels, context.encoder),
    ),
})

/** Without a model: by examples where there are some, else by words, and in English, which the encoder reads, by meaning as well. */
async function classifyWithout(
  document: ParsedDocument,
  labels: CustomLabel[] | undefined,
  encoder: Encoder | undefined,
): Promise<ClassifyOutput> {
  if (labels === undefined || encoder === undefined) return classifyEmbedded(document, labels)
  if (canCompare(labels)) return await classifyByLikeness(document, labels, encoder)
  if (detectLanguage(fullText(document)).language !== 'en') return classifyEmbedded(document, labels)
  return await classifyByMeaning(document, labels, encoder)
}
