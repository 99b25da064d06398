import type * as z from 'zod'
import type { Problem } from '../domain/error'
import type { ChatModel, Encoder } from '../domain/models'
import type { PromptBook } from '../domain/prompts'
import type { StepCharge } from '../domain/runs'

/** What a skill may use beside its input. With no chat model it takes its embedded way. */
export interface SkillContext {
  chatModel?: ChatModel
  encoder?: Encoder
  signal?: AbortSignal
  /** Told of each call of a model that does not tell its payer itself. */
  charge?: (charge: StepCharge) => void
  /** The tenant's versions of prompts; absent: the built-in ones. */
  prompts?: PromptBook
  /** Every problem of a workflow's text, as saving would tell them; absent: plans are not checked, and say so. */
  checkWorkflow?: (source: string) => Promise<Problem[]>
  /** The run that pins versions of prompts. */
  runId?: string
}

/** What every answer says of its origin: `embedded` or a provider's name; degraded when it stands in for a configured model. */
export interface Provenance {
  provider: string
  degraded: boolean
  /** In how many parts a model read a text that is longer than it reads at once. All of it was read; absent: at once. */
  parts?: number
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
