import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { present, searchPages, withAnswer } from './embedded'
import { piiQuestion } from './prompt'
import { PiiInput, PiiOutput } from './schema'

/** Finds personal data and, if asked to, puts placeholders in its place. */
export const pii = defineSkill({
  name: 'pii',
  summary: 'Finds personal data with its places and, if asked to, puts placeholders in its place.',
  input: PiiInput,
  output: PiiOutput,
  example: {
    document: textDocument('Please call Mary Jones on +44 20 7946 0958. Her IBAN is DE89 3704 0044 0532 0130 00.'),
    mask: true,
  },
  async run(input, context) {
    const searched = await searchPages(input.document.pages)
    return await askOrElse(
      input.askModel ? context : { ...context, chatModel: undefined },
      () => piiQuestion(input),
      (answer) => present(withAnswer(searched, answer), input),
      () => present(searched, input),
    )
  },
})
