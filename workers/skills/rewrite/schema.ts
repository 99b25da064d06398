import * as z from 'zod'

export const REWRITE_STYLES = ['shorter', 'formal', 'plain'] as const
export type RewriteStyle = (typeof REWRITE_STYLES)[number]

export const RewriteInput = z.object({
  text: z.string().min(1).max(200_000),
  style: z.enum(REWRITE_STYLES),
  documentIds: z.array(z.string()).max(100).optional(),
})
export type RewriteInput = z.infer<typeof RewriteInput>

export const RewriteOutput = z.object({
  text: z.string(),
  /** What was done, each once. */
  changes: z.array(z.string()),
  /** What the style asks for and was not done; empty when nothing is left. */
  left: z.array(z.string()),
  /** Figures of the original that the text has lost, and figures that it has and the original has not. */
  lostFigures: z.array(z.string()),
  addedFigures: z.array(z.string()),
})
export type RewriteOutput = z.infer<typeof RewriteOutput>
