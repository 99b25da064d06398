import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'
import { PII_TYPES, Placeholder } from '../../domain/guardrails'

export const PiiInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  /** Only these kinds; absent: all. */
  types: z.array(z.enum(PII_TYPES)).min(1).optional(),
  /** Findings below are left out. */
  minConfidence: z.number().min(0).max(1).default(0),
  /** Also gives the pages with placeholders in place of what was found. */
  mask: z.boolean().default(false),
  /** Lets a configured model look for names too. It then sees the text unmasked: off unless the model may. */
  askModel: z.boolean().default(false),
})
export type PiiInput = z.infer<typeof PiiInput>

export const PiiOutput = z.object({
  findings: z.array(
    z.object({
      type: z.enum(PII_TYPES),
      text: z.string(),
      /** 0–1; 1 for what a checksum proves. */
      confidence: z.number().min(0).max(1),
      span: Span,
    }),
  ),
  /** How many of each kind. */
  counts: z.record(z.string(), z.int()),
  masked: z.object({ pages: z.array(z.string()), placeholders: z.array(Placeholder) }).optional(),
})
export type PiiOutput = z.infer<typeof PiiOutput>
