import * as z from 'zod'
import { RULE_NAMES } from './rules'

/** `foreign_order`: a sentence asks an assistant for something that the rest of the text does not call for. */
export const INJECTION_REASONS = [...RULE_NAMES, 'foreign_order'] as const

export const InjectionInput = z.object({
  text: z.string(),
  /** The stored document that the text is of. */
  documentId: z.string().optional(),
  /**
   * `document`: the text is material (a file, a mail, a page), so any order to an assistant is suspicious. `message`: it is what a
   * user says to the assistant, so orders are its nature and only attempts to override, impersonate or leak count.
   */
  role: z.enum(['document', 'message']).default('document'),
})
export type InjectionInput = z.infer<typeof InjectionInput>

export const InjectionOutput = z.object({
  /** 0–1: how likely the text holds an order that is not its reader's. */
  score: z.number().min(0).max(1),
  /** Whether the score reaches the threshold that was fixed on clean mails and tables. */
  suspicious: z.boolean(),
  findings: z.array(
    z.object({
      reason: z.enum(INJECTION_REASONS),
      score: z.number().min(0).max(1),
      /** Characters `[start, end)` of the text, verbatim in `text`. */
      start: z.int(),
      end: z.int(),
      text: z.string(),
    }),
  ),
})
export type InjectionOutput = z.infer<typeof InjectionOutput>
export type InjectionFinding = InjectionOutput['findings'][number]
