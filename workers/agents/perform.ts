import { AppError, toRefusal, unwrap } from '../domain/error'
import type { Ports } from '../domain/ports'
import type { AttemptObject } from '../domain/run-control'
import type { ClaimedStep, Dispatch, StepCharge, StepOutcome } from '../domain/runs'
import { type AgentsEnv, attemptObject, createPorts } from '../env'
import type { Agent, Operation, StepContext } from './agent'
import { createGate, type Gate } from './gate'

const DEFAULT_LEASE_MS = 5 * 60_000
/** Progress goes to people: more than this is noise, and each is a commit in the run object. */
const PROGRESS_INTERVAL_MS = 500

const gates = new Map<Operation, Gate>()

/** Claims a step and begins it. Gives the work to wait for, or undefined when the claim was refused (done, cancelled, taken). */
export async function perform(env: AgentsEnv, agents: Record<string, Agent>, dispatch: Dispatch): Promise<Promise<void> | undefined> {
  const run = attemptObject(env, dispatch.tenantId, dispatch.runId)
  // Before the claim: what fails here leaves the step to be claimed again.
  const ports = createPorts(env, dispatch.tenantId)
  const claimed = await run.claim(dispatch.stepKey, dispatch.token, DEFAULT_LEASE_MS)
  if (!claimed.ok) return undefined
  return work(run, ports, agents[dispatch.agent], dispatch, claimed.value)
}

async function work(run: AttemptObject, ports: Ports, agent: Agent | undefined, dispatch: Dispatch, step: ClaimedStep): Promise<void> {
  const outcome = await attempt(run, ports, agent, dispatch, step)
  unwrap(await run.report(dispatch.stepKey, dispatch.token, outcome))
}

async function attempt(
  run: AttemptObject,
  ports: Ports,
  agent: Agent | undefined,
  dispatch: Dispatch,
  step: ClaimedStep,
): Promise<StepOutcome> {
  const charges: StepCharge[] = []
  try {
    const operation = agent?.operations[step.operation]
    if (operation === undefined) throw new AppError('invalid', `Agent '${dispatch.agent}' has no operation '${step.operation}'.`)
    const input = operation.input.safeParse(step.input)
    if (!input.success)
      throw new AppError('invalid', `The input of ${dispatch.agent}.${step.operation} does not fit: see the problems.`, {
        problems: problemsOf(input.error.issues),
      })
    const origin: { provider?: string; degraded?: boolean } = {}
    const context = contextFor(run, dispatch, step, charges, origin)
    const output = await gateOf(operation)(() => operation.run(input.data, context, ports))
    return { status: 'completed', output: operation.output.parse(output), charges, ...origin }
  } catch (thrown) {
    if (!(thrown instanceof AppError))
      console.error(
        JSON.stringify({
          message: 'operation threw',
          ...dispatch,
          error: String(thrown),
          stack: thrown instanceof Error ? thrown.stack : undefined,
        }),
      )
    return { status: 'failed', error: toRefusal(thrown), charges }
  }
}

function contextFor(
  run: AttemptObject,
  dispatch: Dispatch,
  step: ClaimedStep,
  charges: StepCharge[],
  origin: { provider?: string; degraded?: boolean },
): StepContext {
  let lastProgress = 0
  return {
    runId: dispatch.runId,
    stepKey: dispatch.stepKey,
    attempt: step.attempt,
    signal: AbortSignal.timeout(step.leaseMs),
    progress(message, share) {
      const now = Date.now()
      if (now - lastProgress < PROGRESS_INTERVAL_MS) return
      lastProgress = now
      run
        .progress(dispatch.stepKey, dispatch.token, message, share)
        .catch((thrown: unknown) => console.warn(JSON.stringify({ message: 'progress was lost', error: String(thrown) })))
    },
    charge: (charge) => void charges.push(charge),
    provenance(provider, degraded) {
      origin.provider = provider
      if (degraded !== undefined) origin.degraded = degraded
    },
    effects: {
      begin: async (effect) =>
        unwrap(await run.beginEffect(dispatch.stepKey, dispatch.token, { key: effect.key, kind: effect.kind, target: effect.target })),
      settle: async (key, receipt) => void unwrap(await run.settleEffect(key, receipt)),
      fail: async (key, error) => void unwrap(await run.failEffect(key, error)),
      unknown: async (key, reason) => void unwrap(await run.unknownEffect(key, reason)),
    },
  }
}

function gateOf(operation: Operation): Gate {
  const gate = gates.get(operation) ?? createGate(operation.maxConcurrent ?? Number.POSITIVE_INFINITY)
  gates.set(operation, gate)
  return gate
}

const problemsOf = (issues: { path: PropertyKey[]; message: string }[]) =>
  issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
