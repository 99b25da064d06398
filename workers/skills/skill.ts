import type * as z from 'zod'
import type { ChatModel, Encoder } from '../domain/models'
import type { StepCharge } from '../domain/runs'

/** What a skill may use beside its input. With no chat model it takes its embedded way. */
export interface SkillContext {
  chatModel?: ChatModel
  encoder?: Encoder
  signal?: AbortSignal
  /** Told of each model call, priced by whoever knows the prices. */
  charge?: (charge: StepCharge) => void
}

/** What every answer says of its origin: `embedded` or a provider's name; degraded when it stands in for a configured model. */
export interface Provenance {
  provider: string
  degraded: boolean
}

export interface Skill<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  name: string
  /** One sentence for docs and prompts. */
  summary: string
  input: Input
  output: Output
  /** A valid input, used by docs and by the contract test. */
  example: z.input<Input>
  run(input: z.output<Input>, context: SkillContext): Promise<z.output<Output> & Provenance>
}

/**
 * Declares a skill with its types tied together.
 * @example
 * defineSkill({ name: 'shout', summary: 'Says it louder.', input: z.object({ text: z.string() }), output: z.object({ text: z.string() }),
 *   example: { text: 'hey' }, run: async ({ text }) => ({ text: text.toUpperCase(), provider: 'embedded', degraded: false }) })
 */
export const defineSkill = <Input extends z.ZodType, Output extends z.ZodType>(skill: Skill<Input, Output>): Skill<Input, Output> => skill
