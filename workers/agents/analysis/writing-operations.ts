import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { skills } from '../../skills'
import { DraftInput, DraftOutput } from '../../skills/draft/schema'
import { REWRITE_STYLES, RewriteOutput } from '../../skills/rewrite/schema'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

/** What goes through queues and graph state. */
const MAX_TEXT_CHARACTERS = 50_000

export const draft = defineOperation({
  summary: 'Drafts a mail, note or section from given facts, and says which facts it states and which figures nobody gave it.',
  input: DraftInput,
  output: DraftOutput,
  makes: { madeOf: 'input' },
  example: {
    kind: 'mail',
    purpose: 'Remind the customer of an unpaid invoice.',
    facts: [{ id: 'total', name: 'Amount due', value: '119.00 EUR' }],
    to: 'Ms Beispiel',
  },
  run: async (input, context, ports) => settle(context, await skills.draft.run(input, skillContext(context, ports))),
})

export const rewrite = defineOperation({
  summary: 'Says a text, or that of a stored document, shorter, more formally or in plain words, and tells whether figures were lost.',
  input: z
    .object({
      text: z.string().min(1).max(MAX_TEXT_CHARACTERS).optional(),
      documentId: z.string().min(1).optional().describe('The document whose text is rewritten, in place of text.'),
      style: z.enum(REWRITE_STYLES),
    })
    .refine(({ text, documentId }) => (text === undefined) !== (documentId === undefined), {
      message: "give either 'text' or 'documentId'",
    }),
  output: RewriteOutput,
  makes: { madeOf: 'input' },
  example: { text: 'Due to the fact that it is late, we are able to give a discount of 10 %.', style: 'shorter' },
  async run({ text, documentId, style }, context, ports) {
    const skill = skillContext(context, ports)
    if (documentId === undefined) return settle(context, await skills.rewrite.run({ text: text ?? '', style }, skill))
    const whole = fullText(await readParsed(ports, documentId))
    if (whole.length > MAX_TEXT_CHARACTERS)
      context.progress(`Only the first ${MAX_TEXT_CHARACTERS} characters are rewritten: give parts of it as text.`)
    const cut = whole.slice(0, MAX_TEXT_CHARACTERS)
    const answer = settle(context, await skills.rewrite.run({ text: cut, style, documentIds: [documentId] }, skill))
    if (cut.length === whole.length) return answer
    return { ...answer, left: [...answer.left, `The document is longer: what follows the first ${cut.length} characters was left out.`] }
  },
})
