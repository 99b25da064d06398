import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { skills } from '../../skills'
import { LanguageOutput } from '../../skills/language/schema'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

const MAX_TEXT_CHARACTERS = 100_000

/** Says in which language a text, or a stored document, is written. */
export const tellLanguage = defineOperation({
  summary: 'Tells in which language a document or text is written.',
  input: z
    .object({
      text: z.string().min(1).max(MAX_TEXT_CHARACTERS).optional(),
      documentId: z.string().min(1).optional().describe('The document whose language is told, in place of text.'),
    })
    .refine(({ text, documentId }) => (text === undefined) !== (documentId === undefined), {
      message: "give either 'text' or 'documentId'",
    }),
  output: LanguageOutput,
  makes: { own: ['language', 'confidence'] },
  example: { text: 'Die Miete ist am ersten Tag des Monats fällig.' },
  async run({ text, documentId }, context, ports) {
    const input = documentId === undefined ? { text: text ?? '' } : { text: fullText(await readParsed(ports, documentId)), documentId }
    return settle(context, await skills.language.run(input, skillContext(context, ports)))
  },
})
