import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { Ceilings } from '../domain/budgets'
import { limitOf, usd } from '../domain/budgets'
import { AppError } from '../domain/error'
import { estimateRun, type Length, type RunEstimate } from '../domain/estimates'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { findWorkflow } from './start-run'

const MAX_COUNT = 10_000
const EstimateBody = z
  .object({
    workflow: z.string().max(100),
    version: z.string().max(64).optional(),
    documentId: z.string().max(100).optional().describe('A document that is here; its size and type are taken.'),
    characters: z.int().min(0).max(1_000_000_000).optional(),
    pages: z.int().min(0).max(1_000_000).optional(),
    bytes: z.int().min(0).max(10_000_000_000).optional(),
    mediaType: z.string().max(200).optional(),
    items: z.int().min(1).max(MAX_COUNT).default(1).describe('Documents or items that a forEach step may meet.'),
  })
  .meta({ id: 'EstimateOrder', example: { workflow: 'document-intake', pages: 3 } })
const RangeSchema = z.object({ low: z.number(), high: z.number() })
const EstimateSchema = z
  .object({
    workflow: z.string(),
    version: z.string(),
    characters: RangeSchema.describe('Text that is expected in the document.'),
    costMicroUsd: RangeSchema.describe('Millionths of a US dollar.'),
    summary: z.string().describe('One sentence for people.'),
    exceeds: z
      .array(z.enum(['run', 'workflow_day', 'tenant_month']))
      .describe('Ceilings that the upper end would go beyond; the run would then wait for money.'),
    steps: z.array(
      z.object({
        stepId: z.string(),
        operation: z.string(),
        purpose: z.string(),
        times: RangeSchema,
        inputTokens: RangeSchema,
        outputTokens: RangeSchema,
        costMicroUsd: RangeSchema,
        models: z.array(z.string()).describe('By their names in models.yaml; none: the embedded way, which costs nothing.'),
      }),
    ),
  })
  .meta({ id: 'Estimate' })

const ESTIMATE = documented({
  tag: 'Budgets',
  summary: 'Estimate what a run will cost',
  description:
    'By the length of the document and the models that are configured. A range, not a promise: retries are not in it. What a run may spend at most is set by the ceilings.',
  answers: { 200: { description: 'The range, and how it comes about.', body: { schema: EstimateSchema } } },
  refuses: ['invalid', 'not_found', 'too_large', 'unavailable'],
})

/** Estimates, to be mounted beside the workflows. */
export function estimateRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post('/estimate', ESTIMATE, guard(deps, 'workflows:read'), check('json', EstimateBody), async (c) =>
    c.json(await estimate(deps, c, c.req.valid('json'))),
  )
}

async function estimate(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  { workflow: name, version, items, documentId, ...given }: z.output<typeof EstimateBody>,
): Promise<z.output<typeof EstimateSchema>> {
  const { tenantId } = c.get('principal')
  const workflow = await findWorkflow(c.get('ports'), name, version)
  const length: Length = { ...(await lengthOf(c, documentId)), ...given }
  if (length.characters === undefined && length.pages === undefined && length.bytes === undefined)
    throw new AppError('invalid', 'Say how long the document is: documentId, characters, pages, or bytes with mediaType.', {
      problems: [{ path: 'documentId', message: 'or characters, pages, bytes' }],
    })
  const { settings } = await deps.models(tenantId).read()
  const estimated = estimateRun({ definition: workflow.definition, settings, length, items })
  return {
    workflow: name,
    version: workflow.version,
    ...estimated,
    summary: summaryOf(estimated),
    exceeds: await exceededBy(deps, tenantId, name, estimated),
  }
}

async function lengthOf(c: Context<ApiEnv>, documentId: string | undefined): Promise<Length> {
  if (documentId === undefined) return {}
  const document = await c.get('ports').documents.find(documentId)
  if (document === undefined) throw new AppError('not_found', 'There is no document with that id.')
  return { bytes: document.size, mediaType: document.mediaType }
}

function summaryOf({ costMicroUsd: { low, high } }: RunEstimate): string {
  if (high === 0) return 'The models that are configured cost nothing for this run.'
  return `Between ${usd(low)} and ${usd(high)}, retries not counted.`
}

async function exceededBy(deps: ApiDeps, tenantId: string, workflow: string, { costMicroUsd: { high } }: RunEstimate) {
  if (deps.money === undefined || high === 0) return []
  const { ceilings, month, workflowsToday } = await deps.money(tenantId).budgets()
  const today = workflowsToday.find((each) => each.workflow === workflow)?.spentMicroUsd ?? 0
  const spent = { run: 0, workflow_day: today, tenant_month: month.spentMicroUsd }
  return (['run', 'workflow_day', 'tenant_month'] as const).filter((kind) => isAbove(ceilings, kind, workflow, spent[kind] + high))
}

function isAbove(ceilings: Ceilings, kind: 'run' | 'workflow_day' | 'tenant_month', workflow: string, amount: number): boolean {
  const limit = limitOf(ceilings, kind, workflow)
  return limit !== null && amount > limit
}
