import { chargedTo } from '../domain/budgets'
import { withDeadline } from '../domain/deadline'
import { AppError, toRefusal, unwrap } from '../domain/error'
import { createFairGate, type FairGate, pause } from '../domain/fair-gate'
import { embedPaidBy, type Payer, paidBy } from '../domain/models'
import type { Ports } from '../domain/ports'
import type { AttemptObject } from '../domain/run-control'
import type { ClaimedStep, Dispatch, StepCharge, StepOutcome } from '../domain/runs'
import { hidingTitles, type OpenedStep, openStep } from '../domain/sealed-attempt'
import { type AgentsEnv, attemptObject, createPorts } from '../env'
import type { Agent, Operation, StepContext } from './agent'

const DEFAULT_LEASE_MS = 5 * 60_000
/** Progress goes to people: more than this is noise, and each is a commit in the run object. */
const PROGRESS_INTERVAL_MS = 500

/** Tenants take turns: a flood of one waits in its own lane. */
const gates = new Map<Operation, FairGate>()

/** Claims a step and begins it. Gives the work to wait for, or undefined when the claim was refused (done, cancelled, taken). */
export async function perform(env: AgentsEnv, agents: Record<string, Agent>, dispatch: Dispatch): Promise<Promise<void> | undefined> {
  const run = attemptObject(env, dispatch.tenantId, dispatch.runId)
  // Before the claim: what fails here leaves the step to be claimed again.
  const ports = createPorts(env, dispatch.tenantId)
  const claimed = await run.claim(dispatch.stepKey, dispatch.token, DEFAULT_LEASE_MS)
  if (!claimed.ok) return undefined
  return work(run, paidByStep(ports, dispatch, claimed.value), agents[dispatch.agent], dispatch, claimed.value)
}

async function work(run: AttemptObject, ports: Ports, agent: Agent | undefined, dispatch: Dispatch, step: ClaimedStep): Promise<void> {
  const opened = await opening(run, step, ports)
  const outcome = 'failed' in opened ? opened.failed : await attempt(opened, ports, agent, dispatch)
  await recordUsage(ports, dispatch)
  const told = 'failed' in opened ? run : opened.run
  unwrap(await told.report(dispatch.stepKey, dispatch.token, outcome))
}

/** The step with its sealed values opened, or the outcome when they do not open. */
async function opening(run: AttemptObject, step: ClaimedStep, { sealedFields }: Ports): Promise<OpenedStep | { failed: StepOutcome }> {
  try {
    return await openStep(run, step, sealedFields)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) console.error(JSON.stringify({ message: 'sealed values were not opened', error: String(thrown) }))
    return { failed: { status: 'failed', error: toRefusal(thrown) } }
  }
}

async function attempt(opened: OpenedStep, ports: Ports, agent: Agent | undefined, dispatch: Dispatch): Promise<StepOutcome> {
  const { run, step, hide } = opened
  const charges: StepCharge[] = []
  try {
    const operation = agent?.operations[step.operation]
    if (operation === undefined) throw new AppError('invalid', `Agent '${dispatch.agent}' has no operation '${step.operation}'.`)
    const input = operation.input.safeParse(step.input)
    if (!input.success)
      throw new AppError('invalid', `The input of ${dispatch.agent}.${step.operation} does not fit: see the problems.`, {
        problems: problemsOf(input.error.issues),
      })
    const origin: Told = {}
    const output = await withDeadline(step.leaseMs, async (signal) => {
      const context = contextFor(run, dispatch, step, { charges, origin, signal })
      const own = { ...billed(ports, context), reports: hidingTitles(ports.reports, opened) }
      return await gateOf(operation)(dispatch.tenantId, () => operation.run(input.data, context, own))
    })
    return { status: 'completed', output: operation.output.parse(output), charges, ...origin }
  } catch (thrown) {
    if (!(thrown instanceof AppError))
      console.error(
        JSON.stringify({
          message: 'operation threw',
          ...dispatch,
          error: hide(String(thrown)),
          stack: thrown instanceof Error ? hide(thrown.stack) : undefined,
        }),
      )
    return { status: 'failed', error: toRefusal(thrown), charges }
  }
}

/** What an operation says of its output. */
type Told = Pick<Extract<StepOutcome, { status: 'completed' }>, 'provider' | 'degraded' | 'notes'>

interface Attempting {
  charges: StepCharge[]
  origin: Told
  signal: AbortSignal
}

function contextFor(run: AttemptObject, dispatch: Dispatch, step: ClaimedStep, { charges, origin, signal }: Attempting): StepContext {
  let lastProgress = 0
  return {
    runId: dispatch.runId,
    stepKey: dispatch.stepKey,
    attempt: step.attempt,
    signal,
    progress(message, share) {
      const now = Date.now()
      if (now - lastProgress < PROGRESS_INTERVAL_MS) return
      lastProgress = now
      run
        .progress(dispatch.stepKey, dispatch.token, message, share)
        .catch((thrown: unknown) => console.warn(JSON.stringify({ message: 'progress was lost', error: String(thrown) })))
    },
    charge: (charge) => void charges.push(charge),
    note(facts) {
      origin.notes = { ...origin.notes, ...facts }
    },
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

/** The tenant's money with this step as the one that pays. */
function paidByStep(ports: Ports, { runId, stepKey, agent }: Dispatch, { workflow }: ClaimedStep): Ports {
  if (ports.purse === undefined) return ports
  return { ...ports, purse: chargedTo(ports.purse, { runId, stepKey, agent, ...(workflow !== undefined && { workflow }) }) }
}

/** Calls that cost something are recorded already; losing the record of free ones is no reason to do the step again. */
async function recordUsage({ purse }: Ports, { runId, stepKey }: Dispatch): Promise<void> {
  try {
    await purse?.flush()
  } catch (thrown) {
    console.warn(JSON.stringify({ message: 'usage was not recorded', runId, stepKey, error: String(thrown) }))
  }
}

/** Every model call of the step is paid from its purse and told to the run: answered, failed over, or from the cache. */
function billed(ports: Ports, context: StepContext): Ports {
  const { runId, stepKey } = context
  const payer: Payer = { ...(ports.purse && { purse: ports.purse }), step: { runId, stepKey }, onCall: (call) => context.charge(call) }
  return {
    ...ports,
    encoder: embedPaidBy(ports.encoder, payer),
    ...(ports.chatModel && { chatModel: paidBy(ports.chatModel, payer) }),
  }
}

function gateOf(operation: Operation): FairGate {
  const gate =
    gates.get(operation) ??
    createFairGate({ limit: operation.maxConcurrent ?? Number.POSITIVE_INFINITY, staleMs: DEFAULT_LEASE_MS, now: Date.now, sleep: pause })
  gates.set(operation, gate)
  return gate
}

const problemsOf = (issues: { path: PropertyKey[]; message: string }[]) =>
  issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
