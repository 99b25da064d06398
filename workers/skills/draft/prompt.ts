import * as z from 'zod'
import type { Question } from '../ask'
import { proofOf } from './proof'
import type { DraftInput, DraftOutput } from './schema'

const Answer = z.object({ title: z.string().min(1).max(200), text: z.string().min(1).max(20_000) })
type Answer = z.infer<typeof Answer>

const KINDS = {
  mail: 'an e-mail with salutation and closing',
  note: 'a short internal note',
  section: 'a section of a report, in prose, without salutation',
} as const
const LANGUAGES = { en: 'English', de: 'German' } as const

/** Asks for a text that states the facts and nothing else. */
export const draftQuestion = (input: DraftInput): Question<Answer> => ({
  name: 'draft',
  purpose: 'draft',
  task: [
    'Write {{ kind }} in {{ language }}. Its purpose: {{ purpose }}.',
    '{{ people }}',
    'Use every fact you are given, with its figures and names exactly as written. State nothing that is not among them: no prices, dates, promises or reasons of your own.',
  ].join('\n'),
  variables: {
    kind: KINDS[input.kind],
    language: LANGUAGES[input.language],
    purpose: input.purpose,
    people: [input.to && 'It is to the recipient that the text names.', input.from && 'The sender that the text names signs it.']
      .filter(Boolean)
      .join(' '),
  },
  given: [input.purpose],
  framing: ['Recipient:', 'Sender:', ...input.facts.map(({ name }) => `${name}:`)],
  // Names come from documents as often as facts do: they are data too.
  document: [
    ...(input.to ? [`Recipient: ${input.to}`] : []),
    ...(input.from ? [`Sender: ${input.from}`] : []),
    ...input.facts.map(({ name, value }) => `${name}: ${value}`),
  ].join('\n'),
  answer: Answer,
  origin: { kind: 'document', id: input.documentIds?.join(', ') ?? 'given facts' },
  ...(input.documentIds && { documentIds: input.documentIds }),
})

const UNPROVEN = 'Some figures are not among the facts: check them before you send it.'
const UNUSED = 'Some facts are missing from the text.'

/** The text with what it proves and what it leaves out. */
export function draftAnswer(input: DraftInput, { title, text }: Answer): DraftOutput {
  const proof = proofOf(`${title}\n${text}`, input)
  return { title, text, ...proof, notes: [...(proof.unproven.length > 0 ? [UNPROVEN] : []), ...(proof.unused.length > 0 ? [UNUSED] : [])] }
}
