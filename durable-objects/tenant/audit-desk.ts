import type { AuditAct, AuditAnswer, AuditCall, AuditCheckpoint, AuditSigner } from '../../workers/domain/audit'
import { AppError, ok, type Result, toRefusal } from '../../workers/domain/error'
import type { RunSummary } from '../../workers/domain/runs'
import { AUDIT_TABLES, AuditLog } from './audit-log'

/** Acts of runs gather this long and are written in one commit: their runs hold them until then. */
const GATHER_MS = 50
/** Signing that failed is tried again. */
const RETRY_MS = 30_000

export interface AuditDeskDeps {
  tenantId(): string
  signer(): AuditSigner
  wakeBy(time: number | undefined): void
}

/** The door to the tenant's audit: each call one transaction, checkpoints signed in between. */
export class AuditDesk {
  private gathered: { acts: AuditAct[]; done: () => void; failed: (thrown: unknown) => void }[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private retryAt = 0

  private readonly log: AuditLog

  constructor(
    private readonly storage: DurableObjectStorage,
    private readonly deps: AuditDeskDeps,
  ) {
    storage.sql.exec(AUDIT_TABLES)
    this.log = new AuditLog(storage.sql, deps.tenantId)
  }

  async answer(call: AuditCall): Promise<Result<AuditAnswer>> {
    try {
      return ok(await this.answered(call))
    } catch (thrown) {
      // A refusal is lost when it is thrown across the boundary of an object; what is no refusal is for the caller to try again.
      if (!(thrown instanceof AppError)) throw thrown
      return { ok: false, error: toRefusal(thrown) }
    }
  }

  private async answered(call: AuditCall): Promise<AuditAnswer> {
    const { log } = this
    if (call.ask === 'list') return { got: 'page', page: log.list(call.query) }
    if (call.ask === 'lines') return { got: 'lines', lines: log.lines(call.after, call.limit) }
    if (call.ask === 'checkpoint') return { got: 'checkpoint', checkpoint: (await this.sign()) ?? null }
    if (call.ask === 'alert') {
      const isFirst = this.transact(() => log.claimAlert(call.kind, call.windowMs, Date.now()))
      return { got: 'alert', isFirst }
    }
    this.transact(() => {
      if (call.ask === 'begin') log.begin(call.act, new Date())
      else if (call.ask === 'end') log.end(call.id, call.act ?? undefined, new Date())
      else log.append(call.acts, new Date())
    })
    this.deps.wakeBy(this.nextDue())
    return { got: 'stored' }
  }

  /** Enters acts of runs. Resolves once they are stored; many that come at once share a commit. */
  async noteRuns(rows: readonly RunSummary[]): Promise<void> {
    const acts = rows.flatMap((row) => row.acts ?? [])
    if (acts.length === 0) return
    const stored = new Promise<void>((done, failed) => this.gathered.push({ acts, done, failed }))
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS)
    await stored
  }

  nextDue(): number | undefined {
    const now = Date.now()
    const checkpoint = this.log.nextCheckpoint(now)
    const times = [this.log.nextAbandoned(), checkpoint === undefined ? undefined : Math.max(checkpoint, this.retryAt)]
    const due = times.filter((time) => time !== undefined)
    return due.length === 0 ? undefined : Math.min(...due)
  }

  /** What the alarm does: closes what was left open, and signs what is due. */
  async tend(): Promise<void> {
    const { log } = this
    this.transact(() => log.closeAbandoned(new Date()))
    const due = log.nextCheckpoint(Date.now())
    if (due === undefined || due > Date.now()) return
    try {
      await this.sign()
    } catch (thrown) {
      this.retryAt = Date.now() + RETRY_MS
      console.warn(JSON.stringify({ message: 'an audit checkpoint was not signed', error: String(thrown) }))
    }
  }

  private async sign(): Promise<AuditCheckpoint | undefined> {
    const { log } = this
    const claim = log.claim(new Date())
    if (claim === undefined) return undefined
    const known = log.checkpointAt(claim.seq)
    if (known !== undefined) return known
    const { purpose: _, ...stated } = claim
    const checkpoint: AuditCheckpoint = { ...stated, type: 'checkpoint', jws: await this.deps.signer().sign(claim) }
    this.transact(() => log.saveCheckpoint(checkpoint))
    return log.checkpointAt(claim.seq)
  }

  private flush(): void {
    this.timer = undefined
    const gathered = this.gathered.splice(0)
    try {
      this.transact(() => {
        for (const { acts } of gathered) this.log.append(acts, new Date())
      })
      for (const { done } of gathered) done()
      this.deps.wakeBy(this.nextDue())
    } catch (thrown) {
      for (const { failed } of gathered) failed(thrown)
    }
  }

  private transact<T>(change: () => T): T {
    try {
      return this.storage.transactionSync(change)
    } catch (thrown) {
      this.log.reload()
      throw thrown
    }
  }
}
