import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { catalogueOf } from '../agents/catalogue'
import { chargedTo } from '../domain/budgets'
import { AppError, type Problem } from '../domain/error'
import { embedPaidBy, type Payer, paidBy } from '../domain/models'
import type { DoorPorts } from '../domain/stores'
import { skills } from '../skills'
import { MAX_GOAL_CHARS, PlanOutput } from '../skills/plan/schema'
import type { SkillContext } from '../skills/skill'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'

const PlanBody = z
  .object({ goal: z.string().trim().min(1).max(MAX_GOAL_CHARS).describe('What is to be done, in words, English or German.') })
  .meta({
    id: 'PlanOrder',
    example: { goal: 'When an invoice arrives by mail, read the total; if it is over 5000 EUR ask a manager for approval.' },
  })
const PlanAnswer = PlanOutput.extend({ provider: z.string(), degraded: z.boolean() }).meta({ id: 'Plan' })

const PLAN = documented({
  tag: 'Workflows',
  summary: 'Plan a workflow from a goal',
  description:
    'Turns a goal in words into the YAML of a workflow, made of the operations that are here and checked as saving would. Nothing is saved: read `assumptions`, `unsupported` and `unread`, then PUT `source` to /api/v1/workflows/{name}. With a model for the purpose `plan` it writes the text, is told of problems once, receivers that the goal does not name among them, and is replaced by the rules when they remain (`degraded`).',
  answers: {
    200: {
      description: 'The workflow, what it assumes, what it leaves out and what of the goal was not understood.',
      body: { schema: PlanAnswer },
    },
  },
  refuses: ['invalid', 'too_large', 'over_budget', 'rate_limited', 'unavailable'],
})

/** Plans of workflows, to be mounted beside the workflows. */
export function planRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post('/plan', PLAN, guard(deps, 'workflows:write'), check('json', PlanBody), async (c) =>
    c.json(await plan(deps, c, c.req.valid('json').goal)),
  )
}

async function plan(deps: ApiDeps, c: Context<ApiEnv>, goal: string): Promise<z.output<typeof PlanAnswer>> {
  const ports = c.get('ports')
  const input = skills.plan.input.parse({ goal, catalogue: catalogueOf(deps.agents) })
  try {
    const { parts: _parts, ...planned } = await skills.plan.run(input, contextOf(deps, ports, c.req.raw.signal))
    return planned
  } finally {
    await recordUsage(ports)
  }
}

/** The tenant pays for what is asked; usage names it `plan`. */
function contextOf(deps: ApiDeps, { chatModel, encoder, prompts, purse }: DoorPorts, signal: AbortSignal): SkillContext {
  const payer: Payer = purse === undefined ? {} : { purse: chargedTo(purse, { agent: 'plan' }) }
  return {
    ...(chatModel && { chatModel: paidBy(chatModel, payer) }),
    encoder: embedPaidBy(encoder, payer),
    prompts,
    signal,
    checkWorkflow: (source) => problemsOf(deps, source),
  }
}

/** What saving would refuse. */
async function problemsOf(deps: ApiDeps, source: string): Promise<Problem[]> {
  try {
    await deps.parseWorkflow(source)
    return []
  } catch (thrown) {
    if (!(thrown instanceof AppError) || (thrown.code !== 'invalid' && thrown.code !== 'too_large')) throw thrown
    return thrown.problems && thrown.problems.length > 0 ? [...thrown.problems] : [{ path: '', message: thrown.message }]
  }
}

/** What costs something is recorded already; losing the record of free calls is no reason to refuse an answer. */
async function recordUsage({ purse }: DoorPorts): Promise<void> {
  try {
    await purse?.flush()
  } catch (thrown) {
    console.warn(JSON.stringify({ message: 'usage was not recorded', error: String(thrown) }))
  }
}
