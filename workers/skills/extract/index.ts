import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { extractEmbedded } from './embedded'
import { extractAnswer, extractQuestion } from './prompt'
import { ExtractInput, ExtractOutput } from './schema'

/** Reads a document's fields, each with its exact place. */
export const extract = defineSkill({
  name: 'extract',
  summary: 'Reads the key fields and line items of a document, normalised and with their exact places.',
  input: ExtractInput,
  output: ExtractOutput,
  example: {
    document: textDocument('Acme Ltd\nInvoice No: 2024-17\nInvoice date: 2024-03-05\nTotal due: 119.00 EUR'),
    class: 'invoice',
  },
  run(input, context) {
    const embedded = extractEmbedded(input)
    return askOrElse(
      context,
      () => extractQuestion({ ...input, class: embedded.class }),
      (answer) => extractAnswer(input, answer, embedded),
      () => embedded,
    )
  },
})
