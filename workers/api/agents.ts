import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Agent } from '../agents/agent'
import { AppError, unwrap } from '../domain/error'
import { DEFAULT_RETRY, type WorkflowVersion } from '../domain/workflows'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { START_ANSWER } from './executions'
import { guard } from './guard'
import { runIdOf } from './idempotent'
import { listSchema } from './lists'

const OperationSchema = z.object({ name: z.string(), summary: z.string(), hasEffects: z.boolean(), example: z.unknown() })
const AgentSchema = z
  .object({
    type: z.string(),
    summary: z.string(),
    status: z.literal('available'),
    queue: z
      .object({ waiting: z.int(), oldestAt: z.iso.datetime().optional() })
      .optional()
      .describe('Steps that wait for this agent, of the whole installation, and since when; absent where it cannot be said.'),
    operations: z.array(OperationSchema),
  })
  .meta({ id: 'Agent' })
const TriggerBody = z.object({
  operation: z.string().optional().describe('Name of the operation; may be left out when the agent has only one.'),
  input: z.record(z.string(), z.unknown()).describe("The operation's input."),
})

/** Agents: what there is, and one alone as a one-step run. Mounted as `/api/v1/agents` and as `/agents`. */
export function agentRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get(
      '/status',
      documented({
        tag: 'Agents',
        summary: 'Agents and their operations',
        answers: { 200: { description: 'Every agent that takes steps.', body: { schema: listSchema(AgentSchema) } } },
        refuses: [],
      }),
      guard(deps, 'agents:read'),
      async (c) => c.json({ items: await Promise.all(Object.values(deps.agents).map((agent) => viewOf(deps, agent))) }),
    )
    .post(
      '/:type/trigger',
      documented({
        tag: 'Agents',
        summary: 'Trigger one agent alone',
        description: 'Starts a run of one step.',
        answers: START_ANSWER,
        refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'unavailable'],
      }),
      guard(deps, 'agents:trigger'),
      check('json', TriggerBody),
      (c) => trigger(deps, c, c.req.param('type'), c.req.valid('json')),
    )
}

async function viewOf(deps: Pick<ApiDeps, 'queue'>, { type, summary, operations }: Agent): Promise<z.output<typeof AgentSchema>> {
  const views = Object.entries(operations).map(([name, operation]) => ({
    name,
    summary: operation.summary,
    hasEffects: operation.hasEffects ?? false,
    example: operation.example,
  }))
  const queue = await deps.queue?.(type)
  return { type, summary, status: 'available', ...(queue && { queue }), operations: views }
}

async function trigger(deps: ApiDeps, c: Context<ApiEnv>, type: string, body: z.output<typeof TriggerBody>) {
  const agent = Object.hasOwn(deps.agents, type) ? deps.agents[type] : undefined
  if (agent === undefined)
    throw new AppError('not_found', `There is no agent '${type}'; there are: ${Object.keys(deps.agents).join(', ')}.`)
  const names = Object.keys(agent.operations)
  const name = body.operation ?? (names.length === 1 ? names[0] : undefined)
  const operation = name !== undefined && Object.hasOwn(agent.operations, name) ? agent.operations[name] : undefined
  if (name === undefined || operation === undefined) {
    const message = `Agent '${type}' has the operations ${names.join(', ')}; name one of them.`
    throw new AppError('invalid', message, { problems: [{ path: 'operation', message }] })
  }
  const checked = await operation.input.safeParseAsync(body.input)
  if (!checked.success) {
    const problems = checked.error.issues.map((issue) => ({ path: ['input', ...issue.path.map(String)].join('.'), message: issue.message }))
    throw new AppError('invalid', `The input does not fit ${type}.${name}. See problems.`, { problems })
  }
  const workflow = oneStepWorkflow(deps, type, name, Object.keys(body.input))
  return c.json(
    unwrap(await c.get('runs').start({ runId: runIdOf(c), workflow, input: body.input, trigger: 'agent', title: `${type}.${name}` })),
    202,
  )
}

/** The input goes in as the run's input and is only referred to: its texts must not be read as templates. */
export function oneStepWorkflow(deps: ApiDeps, agent: string, operation: string, fields: string[]): WorkflowVersion {
  const input = Object.fromEntries(fields.map((field) => [field, `\${{ input[${JSON.stringify(field)}] }}`]))
  const step = { id: 'agent', kind: 'agent' as const, agent, operation, input, retry: DEFAULT_RETRY, onError: { kind: 'fail' as const } }
  const name = `agent-${agent}`
  const definition = {
    name,
    title: `Agent ${agent}`,
    description: `${agent}.${operation} alone.`,
    input: {},
    vars: {},
    steps: [step],
    outputs: '${{ steps.agent.output }}',
  }
  const source = JSON.stringify(definition, null, 2)
  return {
    name,
    version: deps.credentials.hash(source).slice(0, 16),
    source,
    definition,
    createdAt: deps.clock.now().toISOString(),
    builtIn: true,
  }
}
