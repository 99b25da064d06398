import * as z from 'zod'
import { Origin } from './guardrails'
import { Taint } from './taint'
import type { AllowUntrusted } from './workflows'

/** An argument of an effect that descends from untrusted text, and what it descends from. */
export const UntrustedArgument = z.object({
  /** Where in the arguments: `to`, `data.documents[0].total`. */
  path: z.string(),
  /** What would be sent; shortened when it is long. */
  value: z.unknown(),
  /** Keys of the steps that it descends from. */
  steps: z.array(z.string()),
  /** The documents, mails and pages that these steps read. */
  origins: z.array(Origin),
  /** Where it stands there word for word; empty for what was computed, rephrased or written by a model. */
  places: z.array(Taint),
})
export type UntrustedArgument = z.infer<typeof UntrustedArgument>

/** `details` of the approval that a run asks for before an effect with such arguments. */
export const UntrustedEffect = z.object({
  reason: z.literal('untrusted_arguments'),
  /** What would be done: `action.mail`, `POST https://erp.example.com`. */
  action: z.string(),
  /** All that would be sent. An answer with `editedDetails: {arguments}` changes it. */
  arguments: z.record(z.string(), z.unknown()),
  untrusted: z.array(UntrustedArgument),
  /** SHA-256 of the arguments as the run computed them: the same effect is not asked for twice. */
  inputHash: z.string(),
})
export type UntrustedEffect = z.infer<typeof UntrustedEffect>

/** The arguments of an effect, by name. */
export const Arguments = z.record(z.string(), z.unknown())
/** What an answer may say of them: those that it names are changed. */
export const EditedArguments = z.object({ arguments: Arguments })

/** One step of a path into arguments. Never parsed from text: a member's name may hold dots and brackets. */
export type ArgumentPath = readonly (string | number)[]

/** `data.lines[0].amount`, for people. */
export const argumentText = (path: ArgumentPath): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '')

/**
 * The arguments at and below `path` that need a person: `path` itself when nothing of it is allowed, else the values that are not.
 * Empty for what is absent, null or empty.
 */
export function notAllowed(args: unknown, path: ArgumentPath, allowed: AllowUntrusted | undefined): ArgumentPath[] {
  if (allowed === true) return []
  const value = valueAt(args, path)
  const leaves = value === null || value === undefined || value === '' ? [] : [...leavesBelow(value, path)]
  const left = leaves.filter((leaf) => !(allowed ?? []).some((each) => covers(each, leaf)))
  return left.length === leaves.length && left.length > 0 ? [path] : left
}

export const valueAt = (value: unknown, path: ArgumentPath): unknown =>
  path.reduce<unknown>(
    (found, part) => (typeof found === 'object' && found !== null && Object.hasOwn(found, part) ? Reflect.get(found, part) : undefined),
    value,
  )

function* leavesBelow(value: unknown, path: ArgumentPath): Generator<ArgumentPath> {
  if (typeof value !== 'object' || value === null) yield path
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leavesBelow(item, [...path, index])
  else for (const [key, member] of Object.entries(value)) yield* leavesBelow(member, [...path, key])
}

/** Whether what is allowed at `allowed` includes `path`: itself, or one below. `[*]` stands for any item. */
function covers(allowed: string, path: ArgumentPath): boolean {
  const wanted = [...allowed.matchAll(/\[(\d+|\*)\]|([^.[\]]+)/g)]
  return (
    wanted.length <= path.length &&
    wanted.every(([, index, name], at) => {
      const given = path[at]
      if (name !== undefined) return given === name
      return typeof given === 'number' && (index === '*' || String(given) === index)
    })
  )
}
