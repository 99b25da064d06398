import type * as z from 'zod'
import type { ParsedDocument } from '../domain/documents'
import { AppError } from '../domain/error'
import type { Origin } from '../domain/guardrails'
import type { Capacity, ChatModel, ImagePart, Purpose } from '../domain/models'
import { askWhole } from './ask-parts'
import type { Provenance, SkillContext } from './skill'

export interface Question<T> {
  /** Name of the prompt: lower-case words with dashes. */
  name: string
  /** What to do, in a few sentences; with `variables`, each `{{ name }}` in it stands for one. */
  task: string
  variables?: Record<string, string>
  /** The untrusted text, of any length: what a model cannot read at once it reads in parts. */
  document: string
  answer: z.ZodType<T>
  /** Which models are asked; `default` when left out. */
  purpose?: Purpose
  /** Where the text is from; the model sees it beside the text. */
  origin: Origin
  /** Documents that the text is of. Only where they are named are answers cached, so that deleting one deletes them. */
  documentIds?: string[]
  /** What a person asked, as it stands in the task: an earlier answer to a question of the same meaning may then be given. */
  asked?: string
  /** Variables that a person wrote, as they stand in the task: masked for a provider outside, as the document is. */
  given?: readonly string[]
  /** What of the document are this skill's own words: labels and names of fields. Never masked. */
  framing?: readonly string[]
  images?: ImagePart[]
  /** One answer from those to the parts of a long text, in order. Left out, the model is asked to combine them. */
  merge?: (answers: T[]) => T
}

/**
 * Origin and cache of a question about one document. A text that is stored nowhere has no id: its answers are not kept, because no
 * deletion would reach them.
 */
export const documentOf = (
  documentId: string | undefined,
  document?: Pick<ParsedDocument, 'format'>,
): Pick<Question<unknown>, 'origin' | 'documentIds'> => {
  const kind = document?.format === 'eml' ? 'mail' : 'document'
  return documentId === undefined
    ? { origin: { kind, id: 'of no known source' } }
    : { origin: { kind, id: documentId }, documentIds: [documentId] }
}

/** What a model is thought to read when it does not say. */
const SMALL: Capacity = { contextTokens: 8_192, maxOutputTokens: 2_048 }

/** What the question's models read at once; undefined: none is configured. */
const capacityOf = async (model: ChatModel, purpose: Purpose): Promise<Capacity | undefined> =>
  model.capacity ? await model.capacity(purpose) : SMALL

/** Whether the embedded way may stand in: the provider failed or refused. A cancelled or unpaid call must stop the step instead. */
const maySubstitute = (thrown: unknown): boolean =>
  thrown instanceof AppError && ['rate_limited', 'unavailable', 'invalid', 'too_large'].includes(thrown.code)

/**
 * Takes the model's way when a model is there, else the embedded way. The model's answer fits the question's schema; one that does
 * not is repaired once, then the next model is asked. When all fail, the embedded way stands in, marked `degraded`. Cancellation,
 * exhausted budgets and unknown errors are thrown on.
 */
export async function askOrElse<T, R extends object>(
  context: SkillContext,
  question: () => Question<T>,
  finish: (value: T) => R,
  embedded: () => R | Promise<R>,
): Promise<R & Provenance> {
  if (!context.chatModel) return { ...(await embedded()), provider: 'embedded', degraded: false }
  const asked = question()
  const purpose = asked.purpose ?? 'default'
  try {
    const capacity = await capacityOf(context.chatModel, purpose)
    if (capacity === undefined) return { ...(await embedded()), provider: 'embedded', degraded: false }
    const answered = await askWhole(context.chatModel, asked, capacity, context)
    if (answered) {
      const { value, provider, parts } = answered
      return { ...finish(value), provider, degraded: false, ...(parts > 1 && { parts }) }
    }
  } catch (thrown) {
    if (context.signal?.aborted || !maySubstitute(thrown)) throw thrown
    if (thrown instanceof AppError && thrown.reason === 'not_configured')
      return { ...(await embedded()), provider: 'embedded', degraded: false }
  }
  const stoodIn = await embedded()
  await context.chatModel.standIn?.(purpose)
  return { ...stoodIn, provider: 'embedded', degraded: true }
}
