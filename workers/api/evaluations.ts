import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError, unwrap } from '../domain/error'
import { compareEvaluations } from '../domain/evaluation-comparison'
import { readFinalScores, readResults } from '../domain/evaluation-results'
import { batchesOf, type CaseResult, type EvaluationRecord } from '../domain/evaluations'
import type { DoorPorts } from '../domain/stores'
import { check } from './check'
import { pageUpTo, placeOf } from './datasets'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { EXPORT_FORMATS, exportResults } from './evaluation-export'
import { EvaluationOrder, orderEvaluation } from './evaluation-order'
import { CaseResultSchema, ComparisonSchema, EvaluationSchema, type EvaluationView } from './evaluation-schemas'
import { guard } from './guard'
import { PageQuery, pageSchema } from './lists'
import { nameOf } from './who'

const MAX_COMPARED = 6
const ListQuery = PageQuery.extend({
  dataset: z.string().max(100).optional(),
  workflow: z.string().max(100).optional(),
  workflowVersion: z.string().max(64).optional(),
})
const CompareQuery = z.object({
  ids: z
    .string()
    .transform((text) => [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== ''))
    .pipe(z.array(z.string().max(100)).min(2).max(MAX_COMPARED))
    .describe(`Two to ${MAX_COMPARED} ids, separated by commas; the first is what the others are compared with.`),
})
const ExportQuery = z.object({ format: z.enum(EXPORT_FORMATS).default('csv') })
const ANSWER = { description: 'The evaluation as it stands.', body: { schema: EvaluationSchema } }

const ORDER = documented({
  tag: 'Evaluations',
  summary: 'Start an evaluation',
  description:
    'Runs every case of the dataset in the background. Of a workflow nothing acts: steps with effects are replaced and named in `simulated`.',
  answers: { 202: { description: 'Started; ask `/api/v1/evaluations/{id}` for progress and result.', body: { schema: EvaluationSchema } } },
  refuses: ['invalid', 'not_found', 'conflict', 'rate_limited', 'unavailable'],
})
const LIST = documented({
  tag: 'Evaluations',
  summary: 'List evaluations, newest first',
  answers: { 200: { description: 'A page of evaluations.', body: { schema: pageSchema(EvaluationSchema) } } },
  refuses: ['invalid'],
})
const COMPARE = documented({
  tag: 'Evaluations',
  summary: 'Compare evaluations',
  description: 'Side by side, over the cases whose content is the same in both, with 95 % intervals and the cases that changed.',
  answers: { 200: { description: 'Differences from the first.', body: { schema: ComparisonSchema } } },
  refuses: ['invalid', 'not_found', 'conflict'],
})
const READ = documented({
  tag: 'Evaluations',
  summary: 'One evaluation',
  answers: { 200: ANSWER },
  refuses: ['not_found', 'unavailable'],
})
const CASES = documented({
  tag: 'Evaluations',
  summary: 'Results of the cases',
  description: 'Also while it runs: what is done so far. A page holds the cases of whole batches, so it may be longer than `limit`.',
  answers: { 200: { description: 'In the order of the dataset.', body: { schema: pageSchema(CaseResultSchema) } } },
  refuses: ['invalid', 'not_found'],
})
const EXPORT = documented({
  tag: 'Evaluations',
  summary: 'Results as a file',
  answers: { 200: { description: 'CSV or JSON, one row a case.', body: { mediaType: 'text/csv', description: 'The file.' } } },
  refuses: ['invalid', 'not_found'],
})
const CANCEL = documented({
  tag: 'Evaluations',
  summary: 'Cancel an evaluation',
  description: 'Stops its run; what is done stays. One at its end is left as it is.',
  answers: { 200: ANSWER },
  refuses: ['not_found', 'unavailable'],
})

/** Evaluations: order, watch, compare, export, cancel. */
export function evaluationRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/', ORDER, guard(deps, 'evaluations:write'), check('json', EvaluationOrder), async (c) =>
      c.json(await viewOf(c, await orderEvaluation(deps, c, c.req.valid('json'))), 202),
    )
    .get('/', LIST, guard(deps, 'evaluations:read'), check('query', ListQuery), async (c) => {
      const { items, ...rest } = await c.get('ports').evaluations.list(c.req.valid('query'))
      return c.json({ items: await Promise.all(items.map((evaluation) => rowOf(c.get('ports'), evaluation))), ...rest })
    })
    .get('/compare', COMPARE, guard(deps, 'evaluations:read'), check('query', CompareQuery), (c) => compare(c, c.req.valid('query').ids))
    .get('/:id', READ, guard(deps, 'evaluations:read'), async (c) => c.json(await viewOf(c, await find(c, c.req.param('id')))))
    .get('/:id/cases', CASES, guard(deps, 'evaluations:read'), check('query', PageQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      return c.json(await casesOf(c.get('ports'), await find(c, c.req.param('id')), placeOf(cursor), limit))
    })
    .get('/:id/export', EXPORT, guard(deps, 'evaluations:read'), check('query', ExportQuery), async (c) =>
      exportResults(c.get('ports').files, await find(c, c.req.param('id')), c.req.valid('query').format),
    )
    .delete('/:id', CANCEL, guard(deps, 'evaluations:write'), async (c) => {
      const evaluation = await find(c, c.req.param('id'))
      if (evaluation.summary === undefined) unwrap(await c.get('runs').cancel(evaluation.runId, await nameOf(deps, c.get('principal'))))
      return c.json(await viewOf(c, evaluation))
    })
}

async function find(c: Context<ApiEnv>, id: string): Promise<EvaluationRecord> {
  const evaluation = await c.get('ports').evaluations.find(id)
  if (evaluation === undefined) throw new AppError('not_found', `There is no evaluation '${id}'; GET /api/v1/evaluations lists them.`)
  return evaluation
}

/** An evaluation at its end stands for itself; before, its run says how it stands. */
async function viewOf(c: Context<ApiEnv>, evaluation: EvaluationRecord): Promise<EvaluationView> {
  const { batchSize: _, ...shown } = evaluation
  if (evaluation.summary !== undefined) return { ...shown, status: 'completed' }
  const runs = c.get('runs')
  const [run, steps] = await Promise.all([runs.get(evaluation.runId), runs.steps(evaluation.runId)])
  const { status, error } = unwrap(run)
  const done = unwrap(steps)
    .filter((step) => step.operation === 'evaluate_cases' && step.status === 'completed')
    .reduce((sum, { output }) => sum + casesIn(output), 0)
  return { ...shown, status, progress: { done, total: evaluation.cases }, ...(error && { error }) }
}

const casesIn = (output: unknown): number =>
  typeof output === 'object' && output !== null && 'cases' in output && typeof output.cases === 'number' ? output.cases : 0

/** For lists, where the runs are not asked one by one. */
async function rowOf({ runIndex }: Pick<DoorPorts, 'runIndex'>, evaluation: EvaluationRecord): Promise<EvaluationView> {
  const { batchSize: _, ...shown } = evaluation
  if (evaluation.summary !== undefined) return { ...shown, status: 'completed' }
  return { ...shown, status: (await runIndex.find(evaluation.runId))?.status ?? 'running' }
}

async function casesOf({ files }: Pick<DoorPorts, 'files'>, evaluation: EvaluationRecord, from: number, limit: number) {
  const items: CaseResult[] = []
  let next = from
  for (const batch of batchesOf(evaluation)) {
    if (batch.from < from) continue
    if (items.length >= limit) break
    items.push(...(await readResults(files, evaluation.id, batch.from)))
    next = batch.from + batch.count
  }
  return pageUpTo(items, next, evaluation.cases)
}

async function compare(c: Context<ApiEnv>, ids: string[]) {
  const { files } = c.get('ports')
  const evaluations = await Promise.all(ids.map((id) => find(c, id)))
  const compared = await Promise.all(evaluations.map(async ({ id, metrics }) => ({ id, metrics, cases: await readFinalScores(files, id) })))
  const [first, ...others] = compared
  if (first === undefined) throw new AppError('invalid', 'Name at least two evaluations.')
  const views = await Promise.all(evaluations.map((evaluation) => viewOf(c, evaluation)))
  return c.json({ evaluations: views, ...compareEvaluations([first, ...others]) })
}
