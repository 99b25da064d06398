import * as z from 'zod'
import { canonicalJson } from './json'

/** A time-out or a cut connection after sending: nobody knows whether the other side acted. Never repeated without a reconciling read. */
export const EFFECT_UNKNOWN = 'effect_unknown'

/** The receipt of an effect of which nobody knew the outcome until a person said that it happened. */
export const Confirmation = z.strictObject({
  confirmedBy: z.string(),
  confirmedAt: z.iso.datetime(),
  /** What the other side answered, as far as the person knows. */
  answer: z.unknown().optional(),
})
export type Confirmation = z.infer<typeof Confirmation>

/** The confirmation that a receipt is, if it is one. */
export const confirmationIn = (receipt: unknown): Confirmation | undefined => Confirmation.safeParse(receipt).data

/**
 * Key of an effect: lower-case hex SHA-256 of run, step and arguments. The same step of the same run with the same arguments has the
 * same key in every attempt, and the other side gets it as `Idempotency-Key`.
 */
export async function effectKey(runId: string, stepKey: string, args: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson([runId, stepKey, args]))
  return Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Answers that mean "not now": the same request may do later. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429])

export type AnswerKind = 'done' | 'later' | 'limited' | 'refused'

/** What an HTTP status says about an effect: done, worth another try, or refused for good. A redirect that is left over is a refusal. */
export function answerKind(status: number): AnswerKind {
  if (status >= 200 && status < 300) return 'done'
  if (status === 429) return 'limited'
  return status >= 500 || LATER.has(status) ? 'later' : 'refused'
}

/** Longest wait that a `Retry-After` header can ask for. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000

/** `Retry-After` in milliseconds from `now`: seconds or an HTTP date; undefined when absent or not understood. */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (header === undefined || header.trim() === '') return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms))
}
