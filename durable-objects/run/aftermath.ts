import { AppError, type Refusal, toRefusal, unwrap } from '../../workers/domain/error'
import type { Ports } from '../../workers/domain/ports'
import { withoutSecrets } from '../../workers/domain/redaction'
import type { Dispatch } from '../../workers/domain/runs'
import { openInput } from '../../workers/domain/sealed-attempt'
import { actsAfter } from './acts'
import { beginEffect, failEffect, settleEffect, unknownEffect } from './effects'
import type { EventArchive } from './event-archive'
import { performHttp } from './http-step'
import type { RunState } from './state'
import { holds, type StepRow } from './steps'
import { completeStep, failAttempt, stepOf } from './transitions'
import { runSummary } from './view'

/** A run that goes on is projected at most this often; its end is projected at once. */
const PROJECT_EVERY_MS = 1_000
const HTTP_TIMEOUT_MS = 30_000

interface Receipt {
  key: string
  receipt: unknown
}

export interface AftermathDeps {
  state: RunState
  archive: EventArchive
  ports(): Ports
  dispatch(dispatch: Dispatch): Promise<void>
  commit<T>(change: () => T): T
  drive(): void
  waitUntil(promise: Promise<unknown>): void
}

/**
 * What the world is told after a commit: dispatches, http steps, the list row in D1.
 *
 * 1. It starts from rows, so doing it twice changes nothing and a crash before it is repaired by a timer.
 * 2. It never throws into the commit that caused it.
 */
export class Aftermath {
  private readonly performing = new Set<string>()
  private projecting = false
  private projectedAt = 0
  /** Number of the last event whose acts the audit has; unknown after a start of the object, and then all are told again. */
  private toldThrough = 0
  private projectTimer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: AftermathDeps) {}

  follow(): void {
    const isHandedOn = this.sendOutbox()
    this.performHttpSteps()
    const { state, archive } = this.deps
    // What leaves the log is told first: the log is the outbox of the audit.
    if (archive.isDue && actsAfter(state, this.toldThrough).length === 0) this.background('events were not archived', archive.move())
    if (state.run.revision > state.run.projected_revision) this.projectSoon(this.projectionDelay(isHandedOn))
  }

  /** Whether there was something to send. */
  private sendOutbox(): boolean {
    const { state } = this.deps
    const unsent = state.outbox.takeUnsent()
    for (const row of unsent) {
      const dispatch = { tenantId: state.run.tenant_id, runId: state.run.id, ...row }
      // The outbox row and its timer stay until the claim: what is not queued now is sent again by the alarm.
      this.background('dispatch was not queued', this.deps.dispatch(dispatch))
    }
    return unsent.length > 0
  }

  private performHttpSteps(): void {
    const { state } = this.deps
    for (const row of state.steps.runningHttp()) {
      const attempt = `${row.key} ${row.token}`
      if (this.performing.has(attempt) || state.ledger.pendingOf(row.key).length > 0) continue
      this.performing.add(attempt)
      this.background(
        'http step broke',
        this.performHttp(row).finally(() => this.performing.delete(attempt)),
      )
    }
  }

  private async performHttp(row: StepRow): Promise<void> {
    const { state, commit } = this.deps
    const outcome = await this.tryHttp(row)
    const receipts = 'receipts' in outcome ? outcome.receipts : []
    const settle = () => {
      for (const { key, receipt } of receipts.splice(0)) settleEffect(state, key, receipt)
    }
    // What was done is recorded before anything else is awaited; an answer that fits the row is recorded in the same transaction.
    const inline = 'output' in outcome ? state.outputs.inline(outcome.output) : undefined
    if (inline === undefined && receipts.length > 0) commit(settle)
    const stored = inline ?? ('output' in outcome ? await state.outputs.store(row.key, row.attempt, outcome.output) : undefined)
    commit(() => {
      settle()
      const now = state.steps.find(row.key)
      if (!holds(now, row.token)) return
      if (stored !== undefined) completeStep(state, now, stored)
      else if ('error' in outcome) failAttempt(state, now, outcome.error)
    })
    this.deps.drive()
  }

  private async tryHttp(row: StepRow): Promise<{ output: unknown; receipts: Receipt[] } | { error: Refusal }> {
    const { state, commit } = this.deps
    const ports = this.deps.ports()
    const step = stepOf(state, row)
    const secretName = step.kind === 'http' ? step.secret : undefined
    const receipts: Receipt[] = []
    try {
      const stored = secretName === undefined ? undefined : await ports.secrets.find(secretName)
      if (secretName !== undefined && stored === undefined)
        throw new AppError('invalid', `There is no secret named '${secretName}'; store it before the workflow uses it.`)
      const { input, hide } = await openInput(JSON.parse(row.input ?? '{}'), ports.sealedFields)
      // Other sides repeat what they were sent.
      const kept = <T>(value: T): T => hide(withoutSecrets(value, [stored?.value]))
      const output = await performHttp(state.run.id, row.key, input, {
        outbound: ports.outbound,
        secret: secretName === undefined || stored === undefined ? undefined : { name: secretName, ...stored },
        timeoutMs: step.timeoutMs ?? HTTP_TIMEOUT_MS,
        begin: (effect) => unwrap(commit(() => beginEffect(state, row.key, row.token, effect))),
        settle: (key, receipt) => void receipts.push({ key, receipt: kept(receipt) }),
        fail: (key, error) => void commit(() => failEffect(state, key, error)),
        unknown: (key, reason) => void commit(() => unknownEffect(state, key, reason)),
      })
      return { output: kept(output), receipts }
    } catch (thrown) {
      if (!(thrown instanceof AppError))
        console.error(JSON.stringify({ message: 'http step threw', runId: state.run.id, stepKey: row.key, error: String(thrown) }))
      return { error: toRefusal(thrown) }
    }
  }

  /** Milliseconds. A run that has handed nothing on and waits for nothing may be over in a moment: then one row is enough. */
  private projectionDelay(isHandedOn: boolean): number {
    const { state } = this.deps
    if (!state.isLive) return 0
    if (state.run.projected_revision === 0 && !isHandedOn && state.run.status === 'running') return PROJECT_EVERY_MS
    return Math.max(0, this.projectedAt + PROJECT_EVERY_MS - state.now().getTime())
  }

  private projectSoon(delayMs: number): void {
    if (delayMs > 0) {
      this.projectTimer ??= setTimeout(() => this.projectSoon(0), delayMs)
      return
    }
    clearTimeout(this.projectTimer)
    this.projectTimer = undefined
    const { run } = this.deps.state
    if (this.projecting || run.projected_revision >= run.revision) return
    this.projecting = true
    this.background(
      'projection failed',
      this.project().finally(() => {
        this.projecting = false
      }),
    )
  }

  /** Writes the list row until D1 holds the newest revision. */
  private async project(): Promise<void> {
    const { state } = this.deps
    for (;;) {
      const summary = runSummary(state)
      const lastSeq = state.events.lastSeq()
      const acts = actsAfter(state, this.toldThrough)
      this.projectedAt = state.now().getTime()
      await this.deps.ports().runIndex.upsert([{ ...summary, ...(acts.length > 0 && { acts }) }])
      this.toldThrough = lastSeq
      if (state.run.revision > summary.revision) continue
      this.deps.commit(() => {
        state.noteProjected(summary.revision)
        if (!state.isLive) state.timers.clear('project', '')
      })
      return
    }
  }

  private background(failure: string, work: Promise<unknown>): void {
    const { state } = this.deps
    this.deps.waitUntil(
      work.catch((thrown: unknown) => console.warn(JSON.stringify({ message: failure, runId: state.run.id, error: String(thrown) }))),
    )
  }
}
