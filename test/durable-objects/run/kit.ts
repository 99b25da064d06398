import { env } from 'cloudflare:test'
import type { AttemptObject, RunObject } from '../../../workers/domain/run-control'
import { DEFAULT_RETRY, type Step, type WorkflowVersion } from '../../../workers/domain/workflows'
import { type Env, world } from '../../fakes/run-env'
import { PATIENCE } from '../../patience'

type Loose = Record<string, unknown> & { id: string; kind: Step['kind'] }

/** A step with the defaults that the YAML parser fills in. */
export const step = (loose: Loose): Step =>
  ({ retry: { ...DEFAULT_RETRY, initialMs: 10, maxMs: 50 }, onError: { kind: 'fail' }, ...loose }) as Step
export const agentStep = (id: string, more: Record<string, unknown> = {}): Step =>
  step({ id, kind: 'agent', agent: 'echo', operation: 'say', input: {}, ...more })

export function workflow(steps: Step[], outputs: WorkflowVersion['definition']['outputs'] = null): WorkflowVersion {
  return {
    name: 'test',
    version: '0123456789abcdef',
    source: '',
    createdAt: '2026-11-21T00:00:00.000Z',
    builtIn: false,
    definition: { name: 'test', title: 'Test', description: '', input: {}, vars: {}, steps, outputs },
  }
}

export type RunStub = DurableObjectStub & RunObject & AttemptObject

let counter = 0
export function newRun(): { id: string; stub: RunStub } {
  counter += 1
  const id = `run_${Date.now()}_${counter}`
  return { id, stub: stubOf(id) }
}

export function stubOf(id: string): RunStub {
  const { RUN } = env as unknown as Env
  return RUN.get(RUN.idFromName(`ten_a/${id}`)) as RunStub
}

export async function start(steps: Step[], input: unknown = {}, outputs: WorkflowVersion['definition']['outputs'] = null, title?: string) {
  const run = newRun()
  const started = await run.stub.start({
    tenantId: 'ten_a',
    runId: run.id,
    workflow: workflow(steps, outputs),
    input,
    trigger: 'api',
    ...(title !== undefined && { title }),
  })
  if (!started.ok) throw new Error(started.error.message)
  return run
}

/** Polls until `check` gives a value. */
export async function until<T>(check: () => Promise<T | undefined> | T | undefined, what = 'condition'): Promise<T> {
  for (const end = Date.now() + PATIENCE.timeout; Date.now() < end; ) {
    const value = await check()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`never saw: ${what}`)
}

export async function view(stub: RunStub) {
  const result = await stub.get()
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}

export const status = (stub: RunStub, wanted: string) =>
  until(async () => {
    const run = await view(stub)
    return run.status === wanted ? run : undefined
  }, `status ${wanted}`)

export const dispatchOf = (runId: string, stepKey: string, attempt = 1) =>
  until(
    () => world.dispatches.find((d) => d.runId === runId && d.stepKey === stepKey && d.token.startsWith(`${attempt}-`)),
    `dispatch of ${stepKey}`,
  )

/** Does a step as an agent would: claim, then report. */
export async function perform(stub: RunStub, runId: string, stepKey: string, output: unknown, attempt = 1) {
  const dispatch = await dispatchOf(runId, stepKey, attempt)
  const claimed = await stub.claim(stepKey, dispatch.token, 60_000)
  if (!claimed.ok) throw new Error(claimed.error.message)
  await stub.report(stepKey, dispatch.token, { status: 'completed', output })
  return claimed.value
}
