import { Hono } from 'hono'
import * as z from 'zod'
import type { ApprovalView, RunSummary } from '../domain/runs'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { PageQuery, pageSchema } from './lists'
import { ApprovalSchema, RunSummarySchema } from './run-schemas'

const OpenApproval = z.object({ approval: ApprovalSchema, run: RunSummarySchema }).meta({ id: 'OpenApproval' })
/** Each run of a page is asked for its approvals, so a page is short. */
const ApprovalQuery = PageQuery.extend({
  limit: z.coerce.number().int().min(1).max(50).default(25).describe('Runs of a page, at most 50.'),
})

/** Approvals that wait for a person, over all runs. They are answered with `PUT /runs/{id}/continue`. */
export function approvalRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/',
    documented({
      tag: 'Approvals',
      summary: 'List open approvals',
      description: 'Those of the newest runs first. Answer one with `PUT /api/v1/runs/{id}/continue`.',
      answers: { 200: { description: 'A page: the open approvals of up to `limit` runs.', body: { schema: pageSchema(OpenApproval) } } },
      refuses: ['invalid', 'unavailable'],
    }),
    guard(deps, 'approvals:read'),
    check('query', ApprovalQuery),
    async (c) => {
      const page = await c.get('ports').runIndex.listOpenApprovals(c.req.valid('query'))
      const open = await Promise.all(page.items.map(async (run) => ({ run, found: await c.get('runs').get(run.id) })))
      // A run that went on meanwhile, or does not answer, is left out of this page; it stands in the next reading.
      const items = open.flatMap(({ run, found }) => (found.ok ? openOf(run, found.value.approvals) : []))
      return c.json({ ...page, items })
    },
  )
}

const openOf = (run: RunSummary, approvals: ApprovalView[]) =>
  approvals.filter((approval) => approval.status === 'open').map((approval) => ({ approval, run }))
