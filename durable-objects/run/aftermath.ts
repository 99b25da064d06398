import { AppError, type Refusal, toRefusal, unwrap } from '../../workers/domain/error'
import type { Ports } from '../../workers/domain/ports'
import type { Dispatch } from '../../workers/domain/runs'
import { beginEffect, failEffect, settleEffect, unknownEffect } from './effects'
import { performHttp } from './http-step'
import type { RunState } from './state'
import { holds, type StepRow } from './steps'
import { completeStep, failAttempt, stepOf } from './transitions'
import { runSummary } from './view'

/** A run that goes on is projected at most this often; its end is projected at once. */
const PROJECT_DELAY_MS = 150
const HTTP_TIMEOUT_MS = 30_000

export interface AftermathDeps {
  state: RunState
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
  private projectTimer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly deps: AftermathDeps) {}

  follow(): void {
    this.sendOutbox()
    this.performHttpSteps()
    const { state } = this.deps
    if (state.run.revision > state.run.projected_revision) this.projectSoon(state.isLive ? PROJECT_DELAY_MS : 0)
  }

  private sendOutbox(): void {
    const { state } = this.deps
    const rows = state.sql
      .exec<{ step_key: string; agent: string; token: string }>(
        'UPDATE outbox SET sends = sends + 1 WHERE sends = 0 RETURNING step_key, agent, token',
      )
      .toArray()
    for (const row of rows) {
      const dispatch = { tenantId: state.run.tenant_id, runId: state.run.id, stepKey: row.step_key, agent: row.agent, token: row.token }
      // The outbox row and its timer stay until the claim: what is not queued now is sent again by the alarm.
      this.background('dispatch was not queued', this.deps.dispatch(dispatch))
    }
  }

  private performHttpSteps(): void {
    const { state } = this.deps
    const rows = state.sql.exec<StepRow>("SELECT * FROM steps WHERE kind = 'http' AND status = 'running'").toArray()
    for (const row of rows) {
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
    const stored = 'output' in outcome ? await state.outputs.store(row.key, row.attempt, outcome.output) : undefined
    const now = state.steps.find(row.key)
    if (!holds(now, row.token)) return
    commit(() => {
      if (stored !== undefined) completeStep(state, now, stored)
      else if ('error' in outcome) failAttempt(state, now, outcome.error)
    })
    this.deps.drive()
  }

  private async tryHttp(row: StepRow): Promise<{ output: unknown } | { error: Refusal }> {
    const { state, commit } = this.deps
    const ports = this.deps.ports()
    const step = stepOf(state, row)
    const secretName = step.kind === 'http' ? step.secret : undefined
    try {
      const secret = secretName === undefined ? undefined : await ports.secrets.get(secretName)
      if (secretName !== undefined && secret === undefined)
        throw new AppError('invalid', `There is no secret named '${secretName}'; store it before the workflow uses it.`)
      const output = await performHttp(state.run.id, row.key, JSON.parse(row.input ?? '{}'), {
        outbound: ports.outbound,
        secret,
        timeoutMs: step.timeoutMs ?? HTTP_TIMEOUT_MS,
        begin: (effect) => unwrap(commit(() => beginEffect(state, row.key, row.token, effect))),
        settle: (key, receipt) => void commit(() => settleEffect(state, key, receipt)),
        fail: (key, error) => void commit(() => failEffect(state, key, error)),
        unknown: (key, reason) => void commit(() => unknownEffect(state, key, reason)),
      })
      return { output }
    } catch (thrown) {
      if (!(thrown instanceof AppError))
        console.error(JSON.stringify({ message: 'http step threw', runId: state.run.id, stepKey: row.key, error: String(thrown) }))
      return { error: toRefusal(thrown) }
    }
  }

  private projectSoon(delayMs: number): void {
    if (delayMs > 0) {
      this.projectTimer ??= setTimeout(() => {
        this.projectTimer = undefined
        this.projectSoon(0)
      }, delayMs)
      return
    }
    if (this.projecting) return
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
      await this.deps.ports().runIndex.upsert([summary])
      if (state.run.revision > summary.revision) continue
      state.noteProjected(summary.revision)
      if (!state.isLive) {
        state.timers.clear('project', '')
        this.deps.commit(() => undefined)
      }
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
