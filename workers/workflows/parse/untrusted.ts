import type { Problem } from '../../domain/error'
import type { Json } from '../../domain/json'
import type { Step } from '../../domain/workflows'
import { hasTemplate } from '../expressions'
import type { Normalised } from './normalise'
import type { Source } from './source'
import { everyStep } from './structure'
import { suggest } from './suggest'

/** Checks every `allowUntrusted`: it stands at a step that acts, and names arguments that the step has. */
export function checkUntrusted({ steps, places }: Normalised, source: Source): Problem[] {
  return [...everyStep(steps)].flatMap((step) => {
    if ((step.kind !== 'agent' && step.kind !== 'http') || step.allowUntrusted === undefined) return []
    const path = [...(places.get(step) ?? []), 'allowUntrusted']
    if (step.kind === 'agent' && step.hasEffects === false)
      return [source.problem(path, `allowUntrusted is for steps that act; ${step.agent}.${step.operation} does not, so remove it`)]
    if (step.allowUntrusted === true) return []
    return step.allowUntrusted.flatMap((argument, at) => {
      const message = wrong(argument, argumentsOf(step))
      return message === undefined ? [] : [source.problem([...path, at], message)]
    })
  })
}

const argumentsOf = (step: Extract<Step, { kind: 'agent' | 'http' }>): Json =>
  step.kind === 'agent' ? step.input : { url: step.url, headers: step.headers, ...(step.body !== undefined && { body: step.body }) }

/** Below a template only a run knows what there is. */
function wrong(argument: string, value: Json): string | undefined {
  const parts = argument.split(/[.[\]]+/).filter((part) => part !== '')
  let found: Json | undefined = value
  for (const [at, part] of parts.entries()) {
    if (typeof found === 'string' && hasTemplate(found)) return undefined
    const known: string[] = typeof found === 'object' && found !== null ? Object.keys(found) : []
    if (part === '*' && Array.isArray(found)) return undefined
    if (!known.includes(part)) return `'${parts.slice(0, at + 1).join('.')}' is no argument of this step; ${suggest(part, known)}`
    found = typeof found === 'object' && found !== null ? (Reflect.get(found, part) as Json) : undefined
  }
  return undefined
}
