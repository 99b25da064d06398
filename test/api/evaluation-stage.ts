import { agents } from '../../workers/agents'
import { quality } from '../../workers/agents/quality'
import { ok } from '../../workers/domain/error'
import type { Json } from '../../workers/domain/json'
import type { Ports } from '../../workers/domain/ports'
import type { RunView } from '../../workers/domain/runs'
import { parseWorkflow } from '../../workers/workflows/parse'
import { stepContext } from '../agents/analysis/ports'
import { workflowVersion } from '../contracts/ports'
import { walk } from '../workflows/walk'
import { call, createAccount, createKit } from './kit'

export const RIGHT = { kind: 'exact', name: 'right', path: 'greeting' }
export const METRICS = [RIGHT, { kind: 'latency', name: 'latency' }, { kind: 'cost', name: 'cost' }]
export const NAMES = [
  { id: 'a', input: { name: 'Ann' }, expected: 'Hi Ann' },
  { id: 'b', input: { name: 'Bob' }, expected: 'Hi Bob' },
  { id: 'c', input: { name: 'Cy' }, expected: 'Ho Cy' },
]

/** The text of workflow `hello`, whose greeting is a CEL expression. */
export const hello = (expression: string) =>
  `name: hello\nsteps:\n  - id: greet\n    set: "\${{ ${expression} }}"\noutputs: { greeting: '\${{ steps.greet.output }}' }\n`

/** A tenant that evaluates over the API, with what its runs would do at hand. */
export async function createEvaluationStage() {
  const kit = createKit({ agents, parseWorkflow: (source) => parseWorkflow(source, { agents }) })
  const acme = await createAccount(kit, 'acme')
  const { ports } = kit.tenant(acme.tenantId)
  await ports.workflows.save(workflowVersion('evaluate', 'e1'))
  return {
    kit,
    acme,
    ports,
    save: (dataset: string, cases: object[]) => call(kit, acme, 'PUT', `/api/v1/datasets/${dataset}`, cases),
    order: (body: object, headers = {}) => call(kit, acme, 'POST', '/api/v1/evaluations', body, headers),
    get: (path: string) => call(kit, acme, 'GET', `/api/v1/evaluations${path}`),
    async publish(text: string, query = '') {
      const headers = { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml' }
      const response = await kit.app.request(`/api/v1/workflows/hello${query}`, { method: 'PUT', body: text, headers })
      // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
      return { status: response.status, body: (await response.json()) as any }
    },
    /** What the run of an evaluation does, without the run. */
    async carryOut(id: string, more: Partial<Ports> = {}) {
      const perform = async (operation: string, input: object) => {
        const { input: schema, run } = quality.operations[operation]!
        return await run(schema.parse(input), stepContext(), { ...ports, ...more })
      }
      const { batches } = (await perform('plan_evaluation', { evaluationId: id })) as { batches: object[] }
      for (const batch of batches) await perform('evaluate_cases', { evaluationId: id, ...batch })
      return await perform('summarise_evaluation', { evaluationId: id })
    },
  }
}

/** Runs of workflows of pure steps, at their end at once; each is remembered. */
export function walkedRuns() {
  const views = new Map<string, RunView>()
  const runs: NonNullable<Ports['runs']> = {
    start: async ({ runId, workflow, input, trigger }) => {
      const view = views.get(runId) ?? {
        ...{ id: runId, workflow: workflow.name, workflowVersion: workflow.version, status: 'completed' as const, trigger, input },
        ...{ createdAt: '2026-11-21T09:00:00.000Z', updatedAt: '2026-11-21T09:00:02.000Z', endedAt: '2026-11-21T09:00:02.000Z' },
        ...{ costMicroUsd: 7, lastSeq: 1, approvals: [], waits: [], effects: [] },
        ...outcomeOf(() => walk(workflow.definition, input as Json, () => ({ status: 200, body: 'read' })).outputs),
      }
      views.set(runId, view)
      return ok(view)
    },
    get: async (runId) => ok(views.get(runId)!),
  }
  return { runs, views }
}

function outcomeOf(work: () => Json): Partial<RunView> {
  try {
    return { outputs: work() }
  } catch (thrown) {
    return { status: 'failed', error: { code: 'invalid', message: String(thrown) } }
  }
}
