import { DurableObject } from 'cloudflare:workers'
import type { DumpedObject, DumpPage, DumpPart } from '../workers/domain/dumps'
import { ok, type Refusal, type Result, refuse } from '../workers/domain/error'
import type { Ports } from '../workers/domain/ports'
import type {
  AttemptObject,
  EffectDecision,
  ForkRequest,
  ForkSource,
  PlannedEffect,
  RunAnswer,
  RunObject,
  StartRequest,
} from '../workers/domain/run-control'
import type { RunOrigin } from '../workers/domain/run-origins'
import type { ClaimedStep, RunEvent, StepOutcome, StepView } from '../workers/domain/runs'
import { createPorts, type Env, sendDispatch } from '../workers/env'
import { dumpPage } from './dump'
import { abortStored, endStillness, isStill, takePage } from './dump-import'
import { applyAnswer } from './run/answers'
import { assemble, type RunParts } from './run/assembly'
import { claimStep } from './run/attempts'
import { DUMPED_RUN } from './run/dumped'
import { beginEffect, failEffect, settleEffect, unknownEffect } from './run/effects'
import { forkSource } from './run/fork'
import { noteResumer } from './run/four-eyes'
import { startRun } from './run/start'
import type { RunState } from './run/state'
import { holds, toStepView } from './run/steps'
import { RUN_TABLES } from './run/tables'
import { applyOutcome, cancelRun, resumeRun } from './run/transitions'
import { settleStatus } from './run/upkeep'
import { runView } from './run/view'
import { Viewers } from './run/viewers'
import { fireDue } from './run/wake'

const MISSING = 'There is no run with that id.'

/**
 * One run. Wiring only: RPC in, one transaction, `Result` out, then what the commit asks for (dispatch, publish, project, alarm).
 *
 * 1. Every change goes through `commit`; after it the alarm stands at the earliest timer, and a live run always has one. It also ends the
 *    time of viewers.
 * 2. Messages to agents are hints: the outbox row stays until the attempt is claimed.
 */
export class Run extends DurableObject<Env> implements RunObject, AttemptObject, DumpedObject {
  private readonly viewers: Viewers
  private loaded: RunParts | undefined
  private alarmAt: number | undefined
  private known: boolean | undefined
  private portsOnce: Ports | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.viewers = new Viewers(ctx, () => this.load().archive)
    // An alarm that was overdue when the process died may never fire by itself: put it back.
    if (this.exists() && !isStill(ctx.storage.sql)) ctx.blockConcurrencyWhile(async () => this.arm())
  }

  async start(request: StartRequest): Promise<Result<ReturnType<typeof runView>>> {
    if (this.exists()) return await this.get()
    const { state } = this.open(request.tenantId, request.runId)
    this.commit(() => startRun(state, request))
    this.drive()
    return ok(runView(state, undefined))
  }

  async get(): Promise<Result<ReturnType<typeof runView>>> {
    return await this.withState(async (state) => {
      const { run, outputs } = state
      const value = run.status === 'completed' ? await outputs.load({ output: run.outputs, outputRef: run.outputs_ref }) : undefined
      return ok(runView(state, value))
    })
  }

  async steps(): Promise<Result<StepView[]>> {
    return await this.withState(async (state) => ok(state.steps.list().map(toStepView)))
  }

  async events({ after, limit }: { after: number; limit: number }): Promise<Result<RunEvent[]>> {
    return await this.withState(async () => ok(await this.load().archive.after(after, limit)))
  }

  /** One event with its whole body: long ones stand by reference in `events`. */
  async event(seq: number): Promise<Result<RunEvent>> {
    return await this.withState(async () => {
      const event = await this.load().archive.whole(seq)
      return event === undefined ? refuse('not_found', 'The log of this run has no entry with that number.') : ok(event)
    })
  }

  async continue(answer: RunAnswer): Promise<Result<ReturnType<typeof runView>>> {
    return await this.change((state) => {
      if (!state.isLive) return refuse('conflict', `The run is ${state.run.status}; only a live run takes answers.`)
      return applyAnswer(state, answer)
    })
  }

  async resume(by: string, origin?: RunOrigin): Promise<Result<ReturnType<typeof runView>>> {
    return await this.change((state) => {
      // A run that still waits elsewhere has not failed as a whole: what failed need not wait with it.
      if (state.run.status !== 'failed' && !(state.isLive && state.scopes.failed().length > 0))
        return refuse('conflict', `The run is ${state.run.status}; only a run with a failed step can be resumed.`)
      noteResumer(state, origin)
      resumeRun(state, by)
      return ok(null)
    })
  }

  async cancel(by: string): Promise<Result<ReturnType<typeof runView>>> {
    return await this.change((state) => {
      if (state.isLive) cancelRun(state, by)
      return ok(null)
    })
  }

  /** What a new run needs to repeat this one up to `request.fromStep`. */
  async exportFork(request: ForkRequest): Promise<Result<ForkSource>> {
    return await this.withState(async (state) => forkSource(state, request))
  }

  /** Looks after itself: used by the cron sweep when a run's list row has not moved for long. One that a restore has not let go on stays still. */
  async wake(): Promise<Result<null>> {
    return await this.withState(async (state) => {
      if (isStill(this.ctx.storage.sql)) return ok(null)
      this.commit(() => fireDue(state))
      this.drive()
      return ok(null)
    })
  }

  /** Destroys all that the object holds; its files are the caller's. Again it changes nothing. */
  async purge(): Promise<Result<null>> {
    this.viewers.endAll()
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    this.known = false
    this.loaded = undefined
    this.portsOnce = undefined
    this.alarmAt = undefined
    return ok(null)
  }

  async dump(after: string): Promise<Result<DumpPage>> {
    return await dumpPage(this.ctx.storage, after)
  }

  async takeDump(part: DumpPart): Promise<Result<null>> {
    this.known = undefined
    this.loaded = undefined
    return await takePage(this.ctx, DUMPED_RUN, part)
  }

  async startAnew(): Promise<never> {
    return await abortStored(this.ctx)
  }

  /** Goes on from the restored state, and shows itself in the lists again: their rows may be older than the run. */
  async awaken(): Promise<Result<null>> {
    return await this.withState(async (state) => {
      if (!endStillness(this.ctx.storage.sql)) return ok(null)
      state.noteProjected(0)
      this.commit(() => fireDue(state))
      this.drive()
      return ok(null)
    })
  }

  async claim(stepKey: string, token: string, leaseMs: number): Promise<Result<ClaimedStep>> {
    return await this.inCommit((state) => claimStep(state, stepKey, token, leaseMs))
  }

  /** The outcome of an attempt. Of an attempt that was given up it changes nothing. */
  async report(stepKey: string, token: string, outcome: StepOutcome): Promise<Result<null>> {
    return await this.withState(async (state) => {
      const before = state.steps.find(stepKey)
      if (!holds(before, token)) return ok(null)
      const stored = outcome.status === 'completed' ? await state.outputs.store(stepKey, before.attempt, outcome.output) : undefined
      const row = state.steps.find(stepKey)
      if (!holds(row, token)) return ok(null)
      this.commit(() => applyOutcome(state, row, outcome, stored))
      this.drive()
      return ok(null)
    })
  }

  async progress(stepKey: string, token: string, message: string, share?: number): Promise<Result<null>> {
    return await this.withState(async (state) => {
      if (holds(state.steps.find(stepKey), token))
        this.commit(() => state.emit('step.progress', stepKey, { message, ...(share !== undefined && { share }) }))
      return ok(null)
    })
  }

  async beginEffect(stepKey: string, token: string, effect: PlannedEffect): Promise<Result<EffectDecision>> {
    return await this.inCommit((state) => beginEffect(state, stepKey, token, effect))
  }

  async settleEffect(key: string, receipt: unknown): Promise<Result<null>> {
    return await this.inCommit((state) => settleEffect(state, key, receipt))
  }

  async failEffect(key: string, error: Pick<Refusal, 'message'> & { code: string }): Promise<Result<null>> {
    return await this.inCommit((state) => failEffect(state, key, error))
  }

  async unknownEffect(key: string, reason: string): Promise<Result<null>> {
    return await this.inCommit((state) => unknownEffect(state, key, reason))
  }

  override async fetch(request: Request): Promise<Response> {
    if (!this.exists()) return Response.json({ error: MISSING }, { status: 404 })
    const after = Number(new URL(request.url).searchParams.get('after') ?? 0)
    const answer = this.viewers.accept(Number.isSafeInteger(after) && after > 0 ? after : 0, this.load().state)
    if (!isStill(this.ctx.storage.sql)) this.arm()
    return answer
  }

  override async webSocketMessage(): Promise<void> {
    // Viewers only listen; 'ping' is answered without waking the object.
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    // Answers the viewer's goodbye; 1005 and 1006 say that there was none and may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason)
  }

  override async alarm(): Promise<void> {
    this.alarmAt = undefined
    if (!this.exists()) return
    const { state } = this.load()
    this.viewers.endDue(state.now().getTime())
    this.commit(() => fireDue(state))
    await this.drive()
  }

  private exists(): boolean {
    this.known ??= this.ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'run'").toArray().length > 0
    return this.known
  }

  private open(tenantId: string, runId: string): RunParts {
    this.ctx.storage.sql.exec(RUN_TABLES)
    this.known = true
    this.portsOnce = createPorts(this.env, tenantId)
    const loaded = this.load(runId)
    loaded.state.begin()
    loaded.saver.begin()
    return loaded
  }

  private load(runId?: string): RunParts {
    this.loaded ??= assemble(
      {
        sql: this.ctx.storage.sql,
        ports: () => this.ports(),
        dispatch: (dispatch) => sendDispatch(this.env, dispatch),
        commit: (change) => this.commit(change),
        waitUntil: (promise) => this.ctx.waitUntil(promise),
      },
      runId,
    )
    return this.loaded
  }

  private ports(): Ports {
    const ports = this.portsOnce ?? createPorts(this.env, this.load().state.run.tenant_id)
    this.portsOnce = ports
    return ports
  }

  private async withState<T>(act: (state: RunState) => Promise<Result<T>>): Promise<Result<T>> {
    if (!this.exists()) return refuse('not_found', MISSING)
    const { state } = this.load()
    return await act(state)
  }

  private async inCommit<T>(act: (state: RunState) => Result<T>): Promise<Result<T>> {
    return await this.withState(async (state) => this.commit(() => act(state)))
  }

  private async change(act: (state: RunState) => Result<null>): Promise<Result<ReturnType<typeof runView>>> {
    const changed = await this.inCommit(act)
    if (!changed.ok) return changed
    this.drive()
    return await this.get()
  }

  /** One transaction, then everything that follows from what it wrote. */
  private commit<T>(change: () => T): T {
    const { state, saver, archive, aftermath } = this.load()
    let value: T
    try {
      value = this.ctx.storage.transactionSync(() => {
        const result = change()
        settleStatus(state)
        return result
      })
    } catch (thrown) {
      for (const part of [state, saver, archive]) part.reload()
      throw thrown
    }
    this.arm()
    aftermath.follow()
    this.viewers.publish(state)
    return value
  }

  private arm(): void {
    const next = this.viewers.nextWake(this.load().state.timers.next())
    // An alarm that comes too early finds nothing due and is set anew; moving it back each time would cost a write.
    if (next === this.alarmAt || (next !== undefined && this.alarmAt !== undefined && this.alarmAt < next)) return
    this.alarmAt = next
    if (next === undefined) void this.ctx.storage.deleteAlarm()
    else void this.ctx.storage.setAlarm(next)
  }

  private drive(): Promise<void> {
    return this.load().driver.drive()
  }
}
