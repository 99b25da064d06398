import * as z from 'zod'

export const DRAFT_KINDS = ['mail', 'note', 'section'] as const
export const DRAFT_LANGUAGES = ['en', 'de'] as const

/** What a text is to be made of. A fact has a name and a value; `id` is what the draft refers to. */
export const Fact = z.object({ id: z.string().min(1).max(80), name: z.string().min(1).max(120), value: z.string().min(1).max(2_000) })
export type Fact = z.infer<typeof Fact>

export const DraftInput = z.object({
  kind: z.enum(DRAFT_KINDS),
  /** What it is for, in a sentence: becomes subject or heading. */
  purpose: z.string().min(1).max(500),
  facts: z.array(Fact).min(1).max(200),
  /** Whom a mail is to, and who signs it. */
  to: z.string().max(200).optional(),
  from: z.string().max(200).optional(),
  language: z.enum(DRAFT_LANGUAGES).default('en'),
  /** Documents that the facts are from. */
  documentIds: z.array(z.string()).max(100).optional(),
})
export type DraftInput = z.infer<typeof DraftInput>

export const DraftOutput = z.object({
  /** Subject of a mail, heading of a note or section. */
  title: z.string(),
  text: z.string(),
  /** Facts that stand in the text. */
  used: z.array(z.string()),
  /** Facts that do not: a person should see them before it is sent. */
  unused: z.array(z.string()),
  /** Figures of the text that no fact states: never send them unread. */
  unproven: z.array(z.string()),
  /** What was left to the reader, e.g. that the embedded way only lists what it was given. */
  notes: z.array(z.string()),
})
export type DraftOutput = z.infer<typeof DraftOutput>
