import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { classifyEmbedded } from './embedded'
import { canCompare, classifyByLikeness } from './likeness'
import { classifyAnswer, classifyQuestion } from './prompt'
import { ClassifyInput, ClassifyOutput } from './schema'

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
      async () =>
        labels && context.encoder && canCompare(labels)
          ? await classifyByLikeness(document, labels, context.encoder)
          : classifyEmbedded(document, labels),
    ),
})
