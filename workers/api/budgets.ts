import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { Ceilings } from '../domain/budgets'
import { AppError } from '../domain/error'
import { PLANS, Plan, type PlanName } from '../domain/plans'
import type { BudgetView } from '../domain/tenant-control'
import { auditedOperator, noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { bearerOf, guard } from './guard'

const money = z.int().describe('Millionths of a US dollar.')
const sums = {
  spentMicroUsd: money,
  heldMicroUsd: money.describe('Set aside for calls under way.'),
  lostMicroUsd: money.describe('Was set aside by calls that were cut off; a provider may have charged for it.'),
}
const PlanSchema = Plan.meta({ id: 'Plan' })
const BudgetSchema = z
  .object({
    ceilings: Ceilings.meta({ id: 'Ceilings' }),
    plan: PlanSchema,
    month: z.object(sums),
    workflowsToday: z.array(z.object({ workflow: z.string(), ...sums })),
    tokensThisMonth: z.int(),
    runs: z.object({ active: z.int(), pending: z.int(), startedToday: z.int() }),
    waitingForMoney: z.array(z.string()).describe('Runs that go on when a ceiling is raised, at most a hundred.'),
  })
  .meta({ id: 'Budget' }) satisfies z.ZodType<BudgetView>

const PlanOrder = z.object({
  tenantId: z.string().regex(/^ten_([a-z]+_)?[0-9a-f]{32}$/, 'use the id of a tenant'),
  plan: z.union([z.enum(Object.keys(PLANS) as [PlanName, ...PlanName[]]), Plan]).describe('A plan by name, or one made to measure.'),
})

const READ = documented({
  tag: 'Budgets',
  summary: 'Ceilings, plan, and what is spent',
  description: 'Days and months are those of UTC.',
  answers: { 200: { description: 'As it stands now.', body: { schema: BudgetSchema } } },
  refuses: ['unavailable'],
})

const SAVE = documented({
  tag: 'Budgets',
  summary: 'Set the ceilings',
  description:
    'Ceilings for a run, for a workflow and day, and for the month, in millionths of a US dollar; `null` is no ceiling. Runs that wait for money go on by themselves when there is some again.',
  answers: { 200: { description: 'As it stands now.', body: { schema: BudgetSchema } } },
  refuses: ['invalid', 'too_large', 'unavailable'],
})

const SET_PLAN = documented({
  tag: 'Budgets',
  summary: "Set a tenant's plan (operator)",
  description:
    'With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`. What the tenant has bought: runs at once and a day, tokens, storage, users, rates.',
  isPublic: true,
  answers: { 200: { description: 'As it stands now.', body: { schema: BudgetSchema } } },
  refuses: ['invalid', 'unauthenticated', 'not_found', 'too_large', 'unavailable'],
})

/** Money and plan of the tenant. */
export function budgetRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', READ, guard(deps, 'usage:read'), async (c) => c.json(await moneyOf(deps, c.get('principal').tenantId).budgets()))
    .put('/', SAVE, guard(deps, 'budgets:write'), check('json', Ceilings), async (c) =>
      c.json(await setCeilings(deps, c, c.req.valid('json'))),
    )
    .put('/plan', SET_PLAN, check('json', PlanOrder), (c) => setPlan(deps, c, c.req.valid('json')))
}

async function setCeilings(deps: ApiDeps, c: Context<ApiEnv>, ceilings: Ceilings): Promise<BudgetView> {
  const { tenantId } = c.get('principal')
  const { ceilings: before } = await moneyOf(deps, tenantId).budgets()
  const saved = await moneyOf(deps, tenantId).setCeilings(ceilings)
  noteChange(c, { resource: { kind: 'budget', id: tenantId }, before, after: saved.ceilings })
  return saved
}

async function setPlan(deps: ApiDeps, c: Context<ApiEnv>, { tenantId, plan }: z.output<typeof PlanOrder>) {
  const { adminToken, credentials, identity } = deps
  const given = bearerOf(c.req.header('Authorization')) ?? ''
  if (adminToken === undefined || adminToken === '' || !credentials.matches(given, credentials.hash(adminToken)))
    throw new AppError('unauthenticated', "Send the operator's token as Authorization: Bearer <token>.")
  if ((await identity.findTenant(tenantId)) === undefined) throw new AppError('not_found', 'There is no tenant with that id.')
  const saved = await auditedOperator(deps, c, { audit: tenantId, resource: { kind: 'plan', id: tenantId } }, async (notes) => {
    const { plan: before } = await moneyOf(deps, tenantId).budgets()
    const set = await moneyOf(deps, tenantId).setPlan(typeof plan === 'string' ? PLANS[plan] : plan)
    Object.assign(notes, { before, after: set.plan })
    return set
  })
  return c.json(saved)
}

function moneyOf({ money: open }: ApiDeps, tenantId: string) {
  if (open === undefined) throw new AppError('unavailable', 'This installation keeps no budgets.')
  return open(tenantId)
}
