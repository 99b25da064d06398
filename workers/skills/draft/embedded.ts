import { labelOf } from './labels'
import { proofOf } from './proof'
import { salutation } from './salutation'
import type { DraftInput, DraftOutput } from './schema'

const WORDS = {
  en: {
    lead: 'Here are the details:',
    bye: 'Kind regards',
    note: 'Written without a model: the facts are listed as they were given, in their order; nothing is argued or rephrased.',
  },
  de: {
    lead: 'hier sind die Angaben:',
    bye: 'Freundliche Grüße',
    note: 'Ohne Modell geschrieben: Die Angaben stehen, wie sie gegeben wurden, in ihrer Reihenfolge; nichts ist begründet oder umformuliert.',
  },
} as const

/** Puts the facts under each other, in words of the language around them. It states nothing that was not given. */
export function draftEmbedded(input: DraftInput): DraftOutput {
  const words = WORDS[input.language]
  const listed = input.facts
    .map(({ name, value }) => `- ${labelOf(name, input.language)}: ${value.replace(/\s*\n\s*/g, ' ').trim()}`)
    .join('\n')
  const sender = input.from?.trim() ?? ''
  const signature = sender === '' ? words.bye : `${words.bye}\n${sender}`
  const text = {
    mail: `${salutation(input.to, input.language)}\n\n${words.lead}\n\n${listed}\n\n${signature}`,
    note: listed,
    section: listed,
  }[input.kind]
  return { title: titleOf(input.purpose), text, ...proofOf(text, input), notes: [words.note] }
}

const MAX_TITLE_CHARACTERS = 120

/** The purpose as a heading: its first sentence, without its stop, cut between words. */
export function titleOf(purpose: string): string {
  const first =
    purpose
      .trim()
      .split(/(?<=[.!?])\s|\n/)[0]
      ?.replace(/[.!]+$/, '') ?? ''
  const cut = first.length <= MAX_TITLE_CHARACTERS ? first : `${first.slice(0, MAX_TITLE_CHARACTERS).replace(/\s+\S*$/, '')} …`
  return cut.charAt(0).toUpperCase() + cut.slice(1)
}
