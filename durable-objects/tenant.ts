import { DurableObject } from 'cloudflare:workers'
import type { HoldRequest, SettledCall } from '../workers/domain/accounts'
import { decideAdmission, type RunPriority } from '../workers/domain/admission'
import type { AuditAnswer, AuditCall } from '../workers/domain/audit'
import { Ceilings, type Grant } from '../workers/domain/budgets'
import type { DumpedObject, DumpPage, DumpPart } from '../workers/domain/dumps'
import { ok, type Result } from '../workers/domain/error'
import { Plan } from '../workers/domain/plans'
import type { LeaseRequest, TokenLease } from '../workers/domain/rate-limits'
import type { StartRequest } from '../workers/domain/run-control'
import { isTerminal, type RunSummary } from '../workers/domain/runs'
import type { Admission, BudgetView, PendingRun, TenantObject } from '../workers/domain/tenant-control'
import { createAuditSigner, createTenantStores, type Env } from '../workers/env'
import { placed } from '../workers/placed'
import { dumpPage } from './dump'
import { abortStored, endStillness, isStill, takePage } from './dump-import'
import { AuditDesk } from './tenant/audit-desk'
import { DUMPED_TENANT } from './tenant/dumped'
import { Money } from './tenant/money'
import { pendingSummary } from './tenant/pending-summary'
import { Projection } from './tenant/projection'
import { Rates } from './tenant/rates'
import { Room } from './tenant/room'
import { RunWatch, SILENT_MS } from './tenant/run-watch'
import { Settings } from './tenant/settings'
import { SqlAccounts } from './tenant/sql-accounts'
import { Starter } from './tenant/starter'
import { TENANT_TABLES } from './tenant/tables'
import { UsageOutbox } from './tenant/usage-outbox'

/** Runs at work are saved so late, many at once. */
const SAVE_MS = 100
/** Settled calls gather this long before they are written to the usage table. */
const PROJECT_MS = 1_000
const PROJECT_RETRY_MS = 10_000
/** Runs that wait for room are looked after at least this often. */
const PENDING_MS = 5_000
const DAY_MS = 86_400_000

/**
 * One tenant: money, admission of runs, rate limits, audit. Wiring only; the object's name is the tenant's id.
 *
 * 1. Nothing is awaited between reading and writing: every decision is one synchronous piece, so fifty at once are decided in turn.
 * 2. What was granted, settled or queued is stored before the answer; token buckets and the count of runs at work are in memory.
 * 3. One alarm serves usage, reservations that ran out, runs that wait for room or money, silent runs, checkpoints.
 */
export class Tenant extends DurableObject<Env> implements TenantObject, DumpedObject {
  private readonly sql: SqlStorage
  private readonly settings: Settings
  private readonly accounts: SqlAccounts
  private readonly money: Money
  private readonly usage: UsageOutbox
  private readonly room: Room
  private readonly rates = new Rates()
  private readonly projection: Projection
  private readonly starter: Starter
  private readonly watch: RunWatch
  private readonly auditDesk: AuditDesk
  private saveTimer: ReturnType<typeof setTimeout> | undefined
  private alarmAt: number | undefined

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.sql = ctx.storage.sql
    this.sql.exec(TENANT_TABLES)
    this.settings = new Settings(this.sql)
    if (ctx.id.name !== undefined) this.settings.tenantId = ctx.id.name
    this.accounts = new SqlAccounts(this.sql)
    this.money = new Money(this.sql, this.accounts, this.settings)
    this.usage = new UsageOutbox(this.sql)
    this.room = new Room(this.sql)
    this.projection = new Projection(() => this.stores().runIndex)
    this.starter = new Starter({
      room: this.room,
      plan: () => this.settings.plan,
      now: () => this.now(),
      start: (request) => this.run(request.runId).start(request),
      giveUp: (run, message) => this.projection.write([pendingSummary(run, { status: 'failed', at: this.now().toISOString(), message })]),
      transact: (change) => ctx.storage.transactionSync(change),
      waitUntil: (promise) => ctx.waitUntil(promise.finally(() => this.follow())),
    })
    this.watch = new RunWatch({
      room: this.room,
      money: this.money,
      run: (runId) => this.run(runId),
      now: () => this.now().getTime(),
    })
    this.auditDesk = new AuditDesk(ctx.storage, {
      tenantId: () => this.settings.tenantId ?? '',
      signer: () => createAuditSigner(this.env),
      wakeBy: (time) => this.wakeBy(time),
    })
    // An alarm that was overdue when the process died may never fire by itself.
    ctx.blockConcurrencyWhile(async () => this.arm())
  }

  async reserve(request: HoldRequest): Promise<Result<Grant>> {
    const workflow = request.workflow ?? (request.runId === undefined ? undefined : this.room.workflowOf(request.runId))
    const granted = this.ctx.storage.transactionSync(() => this.money.reserve({ ...request, ...(workflow && { workflow }) }, this.now()))
    this.wakeBy(this.accounts.nextExpiry())
    return granted
  }

  async settle(holdId: string | undefined, calls: SettledCall[], giveBack: boolean): Promise<Result<null>> {
    const settled = this.ctx.storage.transactionSync(() => this.money.settle(holdId, calls, giveBack, this.now()))
    if (calls.length > 0) this.wakeBy(this.now().getTime() + PROJECT_MS)
    return settled
  }

  async budgets(): Promise<Result<BudgetView>> {
    const at = this.now()
    const { active, startedToday } = this.room.load(at)
    const runs = { active: active.interactive + active.batch, pending: this.room.pendingCount, startedToday }
    return ok({ ...this.money.view(at), runs, waitingForMoney: this.money.unpaid(100) })
  }

  async setCeilings(ceilings: Ceilings): Promise<Result<BudgetView>> {
    this.settings.ceilings = Ceilings.parse(ceilings)
    this.ctx.waitUntil(this.watch.wakeUnpaid())
    return await this.budgets()
  }

  async setPlan(plan: Plan): Promise<Result<BudgetView>> {
    this.settings.plan = Plan.parse(plan)
    this.starter.fill()
    this.ctx.waitUntil(this.watch.wakeUnpaid())
    return await this.budgets()
  }

  async lease(request: LeaseRequest): Promise<TokenLease> {
    return this.rates.lease(this.settings.plan, request, this.now().getTime())
  }

  async admit({ runId, workflow, priority }: { runId: string; workflow: string; priority: RunPriority }): Promise<Result<Admission>> {
    if (this.room.isActive(runId)) return ok({ kind: 'start' })
    const at = this.now()
    const known = this.room.pendingCount === 0 ? undefined : this.room.pending(runId)
    if (known !== undefined) return ok({ kind: 'pending', run: known })
    const decided = decideAdmission(this.settings.plan, this.room.load(at), priority, at)
    if (!decided.ok) return decided
    if (decided.value === 'wait') return ok({ kind: 'wait' })
    this.room.enter(runId, { workflow, priority, seenAt: at.getTime() })
    this.room.countStart(at)
    this.follow()
    return ok({ kind: 'start' })
  }

  async enqueue(request: StartRequest, priority: RunPriority): Promise<Result<PendingRun>> {
    const known = this.room.pending(request.runId)
    if (known !== undefined) return ok(known)
    const at = this.now()
    const run: PendingRun = { request, priority, createdAt: at.toISOString() }
    this.ctx.storage.transactionSync(() => this.room.wait(run))
    this.room.countStart(at)
    this.ctx.waitUntil(this.projection.tryWrite(pendingSummary(run, { status: 'waiting', at: run.createdAt })))
    this.follow()
    this.wakeBy(at.getTime() + PENDING_MS)
    return ok(run)
  }

  async untilQuiet(runId: string, mostMs: number): Promise<Result<null>> {
    await this.room.untilLeft(runId, mostMs)
    return ok(null)
  }

  async leave(runId: string): Promise<Result<null>> {
    if (this.room.leave(runId)) this.follow()
    return ok(null)
  }

  async pending(runId: string): Promise<Result<PendingRun | null>> {
    const run = this.room.pending(runId)
    if (run !== undefined) this.follow()
    return ok(run ?? null)
  }

  async withdraw(runId: string): Promise<Result<PendingRun | null>> {
    const run = this.room.pending(runId)
    if (run === undefined || this.room.isActive(runId)) return ok(null)
    this.ctx.storage.transactionSync(() => void this.room.stopWaiting(runId))
    await this.projection.write([pendingSummary(run, { status: 'cancelled', at: this.now().toISOString() })])
    return ok(run)
  }

  async project(rows: RunSummary[]): Promise<Result<null>> {
    const seenAt = this.now().getTime()
    for (const { id, status, workflow } of rows) {
      if (status === 'running') this.room.enter(id, { workflow, seenAt })
      else this.room.leave(id)
      if (isTerminal(status)) this.money.forgetUnpaid(id)
    }
    this.follow()
    await Promise.all([this.auditDesk.noteRuns(rows), this.projection.write(rows)])
    return ok(null)
  }

  async audit(call: AuditCall): Promise<Result<AuditAnswer>> {
    return await this.auditDesk.answer(call)
  }

  async projectUsage(): Promise<Result<null>> {
    await this.usage.project(this.stores().usage)
    return ok(null)
  }

  /** Destroys all that the object holds, the audit with it. Again it changes nothing. It takes no further calls until it starts anew. */
  async purge(): Promise<Result<null>> {
    clearTimeout(this.saveTimer)
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    return ok(null)
  }

  async dump(after: string): Promise<Result<DumpPage>> {
    return await dumpPage(this.ctx.storage, after)
  }

  async takeDump(part: DumpPart): Promise<Result<null>> {
    clearTimeout(this.saveTimer)
    return await takePage(this.ctx, DUMPED_TENANT, part)
  }

  async startAnew(): Promise<never> {
    return await abortStored(this.ctx)
  }

  async awaken(): Promise<Result<null>> {
    if (endStillness(this.sql)) this.arm()
    return ok(null)
  }

  override async alarm(): Promise<void> {
    this.alarmAt = undefined
    const at = this.now()
    this.ctx.storage.transactionSync(() => {
      this.money.tidy(at)
      this.usage.prune(at.getTime())
    })
    let retryAt: number | undefined
    try {
      await this.projectUsage()
    } catch (thrown) {
      console.warn(JSON.stringify({ message: 'usage was not written', tenantId: this.settings.tenantId, error: String(thrown) }))
      retryAt = this.now().getTime() + PROJECT_RETRY_MS
    }
    this.starter.fill()
    await this.watch.askSilent()
    this.follow()
    await this.watch.wakeUnpaid(startOfDay(at.getTime()))
    await this.auditDesk.tend()
    this.arm(retryAt)
  }

  /** After room was taken or came free. */
  private follow(): void {
    this.starter.fill()
    if (!this.room.hasUnsaved) return
    this.saveTimer ??= setTimeout(() => {
      this.saveTimer = undefined
      this.ctx.storage.transactionSync(() => this.room.save())
      this.wakeBy(this.now().getTime() + SILENT_MS)
    }, SAVE_MS)
  }

  private arm(usageRetryAt?: number): void {
    const now = this.now().getTime()
    this.wakeBy(this.usage.isEmpty ? undefined : (usageRetryAt ?? now + PROJECT_MS))
    this.wakeBy(this.accounts.nextExpiry())
    this.wakeBy(this.auditDesk.nextDue())
    this.wakeBy(this.room.pendingCount > 0 ? now + PENDING_MS : undefined)
    this.wakeBy(this.room.silentSince(Number.POSITIVE_INFINITY).length > 0 ? now + SILENT_MS : undefined)
    this.wakeBy(this.money.unpaid(1).length > 0 ? startOfDay(now) + DAY_MS + 1_000 : undefined)
  }

  private wakeBy(time: number | undefined): void {
    if (time === undefined || (this.alarmAt !== undefined && this.alarmAt <= time) || isStill(this.sql)) return
    this.alarmAt = time
    void this.ctx.storage.setAlarm(time)
  }

  private run(runId: string) {
    const tenantId = this.settings.tenantId ?? ''
    return placed(this.env, this.env.RUN, tenantId).getByName(`${tenantId}/${runId}`)
  }

  private stores() {
    return createTenantStores(this.env, this.settings.tenantId ?? '')
  }

  private now(): Date {
    return new Date()
  }
}

/** UTC, as the ceilings count. */
const startOfDay = (now: number): number => Math.floor(now / DAY_MS) * DAY_MS
