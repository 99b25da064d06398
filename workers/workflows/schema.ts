import * as z from 'zod'
import { ERROR_CODES } from '../domain/error'
import { Json } from '../domain/json'
import { DURATION_HELP, parseDuration } from './durations'

/** The form in which people write workflows. Whatever this accepts is then checked as a graph by parseWorkflow. */

const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "use letters, digits and '_', beginning with a letter, at most 64 characters")
/** Names that every object has, and the channel in which a graph keeps where it is: LangGraph takes no node of such a name. */
const RESERVED = [...Object.getOwnPropertyNames(Object.prototype), 'at'].filter((name) => Name.safeParse(name).success)
const Id = Name.refine((id) => !RESERVED.includes(id), 'this name is reserved; choose another').meta({ not: { enum: RESERVED } })
const Duration = z
  .string(DURATION_HELP)
  .refine((text) => parseDuration(text) !== undefined, DURATION_HELP)
  .meta({ description: 'A duration such as 500ms, 30s, 5m, 2h or 7d.', examples: ['30s', '5m'] })
const Condition = z.union([z.string(), z.boolean()]).meta({ description: 'A CEL condition, for example: input.total > vars.limit' })
const Members = z.record(z.string(), Json)

const Retry = z.strictObject({
  attempts: z.int().min(1).max(20).optional().meta({ description: 'How many attempts there are in all, the first included.' }),
  initial: Duration.optional(),
  factor: z.number().min(1).max(10).optional(),
  max: Duration.optional(),
  jitter: z.number().min(0).max(1).optional(),
  on: z.array(z.enum(ERROR_CODES)).min(1).optional().meta({ description: 'Error codes that are worth another attempt.' }),
})

const OnError = z.union(
  [z.literal('fail'), z.strictObject({ continue: Json }), z.strictObject({ goto: Id })],
  'write fail, { continue: value } or { goto: stepId }',
)

const Http = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: Json.optional(),
  secret: z.string().optional().meta({ description: 'Name of a stored secret; its value is sent as a bearer token.' }),
})

const Approval = z.strictObject({
  title: z.string().min(1),
  details: Json.optional(),
  expiresAfter: Duration.optional(),
  onExpire: z.enum(['reject', 'approve']).default('reject'),
  onReject: z.enum(['fail', 'continue']).default('fail'),
  preventSelfApproval: z
    .boolean()
    .optional()
    .meta({ description: 'true: whoever started, forked or resumed the run may not decide it; somebody else has to.' }),
})

const Wait = z.union(
  [
    z.strictObject({ for: Duration }),
    z.strictObject({ event: z.string().min(1), correlation: z.string().min(1), timeout: Duration.optional() }),
  ],
  'write { for: 5m } or { event: name, correlation: text, timeout: 1h }',
)

/** A path into the arguments of a step: `to`, `data.total`, `lines[*].amount`. */
const ArgumentPath = z
  .string()
  .max(300)
  .regex(/^[^.[\]\s]+(?:\.[^.[\]\s]+|\[(?:\d+|\*)\])*$/, 'write the path of an argument, such as to, data.total or lines[*].amount')
const AllowUntrusted = z.union(
  [z.literal(true), z.array(ArgumentPath).min(1, 'name at least one argument, or leave allowUntrusted out')],
  'write true, or a list of arguments such as [data, body.total]',
)

/** Keys that say what a step does, and the keys that belong to each alone. */
export const STEP_KINDS = {
  agent: ['operation', 'input'],
  set: [],
  validate: [],
  http: [],
  if: ['then', 'else'],
  parallel: [],
  forEach: ['steps', 'concurrency', 'output'],
  approval: [],
  wait: [],
} as const satisfies Record<string, readonly string[]>
export type AuthoredKind = keyof typeof STEP_KINDS

export const AuthoredStep = z.strictObject({
  id: Id.meta({ description: 'Unique in the workflow; expressions read the outcome as steps.<id>.output.' }),
  name: z.string().max(120).optional(),
  when: Condition.optional().meta({ description: 'CEL; when false the step is skipped.' }),
  retry: z
    .union([z.int().min(1).max(20), Retry], 'write a number of attempts, or { attempts, initial, factor, max, jitter, on }')
    .optional(),
  timeout: Duration.optional(),
  onError: OnError.optional(),
  allowUntrusted: AllowUntrusted.optional().meta({
    description: 'Arguments that may come from documents, mail and the web without an approval; for steps that act.',
  }),
  agent: z.string().optional().meta({ description: 'The agent that does the step, with operation and input.' }),
  operation: z.string().optional(),
  input: Members.optional(),
  set: Json.optional().meta({ description: 'A value to compute; strings may be ${{ CEL }} or hold {{ Liquid }}.' }),
  validate: z.strictObject({ value: Json, schema: Members }).optional(),
  http: Http.optional(),
  if: Condition.optional(),
  get then(): z.ZodOptional<z.ZodArray<typeof AuthoredStep>> {
    return z.array(AuthoredStep).optional()
  },
  get else(): z.ZodOptional<z.ZodArray<typeof AuthoredStep>> {
    return z.array(AuthoredStep).optional()
  },
  get parallel(): z.ZodOptional<
    z.ZodUnion<readonly [z.ZodRecord<z.ZodString, z.ZodArray<typeof AuthoredStep>>, z.ZodArray<typeof AuthoredBranch>]>
  > {
    return z.union([z.record(z.string(), z.array(AuthoredStep)), z.array(AuthoredBranch)]).optional()
  },
  forEach: z
    .union([z.string(), z.array(Json)])
    .optional()
    .meta({ description: 'A list, or ${{ CEL }} that gives one; each item runs the steps with item and index.' }),
  get steps(): z.ZodOptional<z.ZodArray<typeof AuthoredStep>> {
    return z.array(AuthoredStep).optional()
  },
  concurrency: z.int().min(1).max(50).optional(),
  output: Json.optional(),
  approval: Approval.optional(),
  wait: Wait.optional(),
})
export type AuthoredStep = z.infer<typeof AuthoredStep>

const AuthoredBranch = z.strictObject({
  id: Name,
  get steps(): z.ZodArray<typeof AuthoredStep> {
    return z.array(AuthoredStep)
  },
})

export const AuthoredWorkflow = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and dashes, at most 63'),
  title: z.string().max(120).optional(),
  description: z.string().max(2_000).default(''),
  input: Members.default({}).meta({ description: "JSON Schema of the run's input." }),
  vars: Members.default({}).meta({ description: 'Named constants, read as vars.x; a run may override them.' }),
  steps: z.array(AuthoredStep).min(1, 'a workflow needs at least one step'),
  outputs: Json.default({}).meta({ description: "Template of the run's outputs." }),
})
export type AuthoredWorkflow = z.infer<typeof AuthoredWorkflow>

/** JSON Schema (2020-12) of a workflow file, for editors. */
export const workflowJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(AuthoredWorkflow, { io: 'input', unrepresentable: 'any' }),
  title: 'Steward workflow',
})
