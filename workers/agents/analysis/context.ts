import type { Ports } from '../../domain/ports'
import type { Provenance, SkillContext } from '../../skills/skill'
import type { StepContext } from '../agent'

/** What a skill may use inside a step. */
export const skillContext = (
  context: StepContext,
  ports: Pick<Ports, 'chatModel' | 'encoder'> & Partial<Pick<Ports, 'prompts'>>,
): SkillContext => ({
  chatModel: ports.chatModel,
  encoder: ports.encoder,
  signal: context.signal,
  charge: context.charge,
  runId: context.runId,
  ...(ports.prompts && { prompts: ports.prompts }),
})

/**
 * Takes the origin off skill answers and tells the run, whose step then says it: degraded when any is, a provider's name when any used
 * one. The parts in which a long text was read stand in the log of the step.
 */
export function settle<T extends object>(context: StepContext, ...origins: [T & Provenance, ...Provenance[]]): Omit<T, keyof Provenance> {
  const provider = origins.find((origin) => origin.provider !== 'embedded')?.provider ?? 'embedded'
  context.provenance(
    provider,
    origins.some((origin) => origin.degraded),
  )
  const parts = Math.max(1, ...origins.map((origin) => origin.parts ?? 1))
  if (parts > 1) context.note?.({ parts })
  const { provider: _provider, degraded: _degraded, parts: _parts, ...rest } = origins[0]
  return rest
}
