import type { Refusal } from '../../workers/domain/error'
import type { NewId } from '../../workers/domain/ids'
import type { EventType, RunStatus, RunTrigger } from '../../workers/domain/runs'
import type { WorkflowDefinition } from '../../workers/domain/workflows'
import { EventLog } from './event-log'
import { type Layout, layoutOf } from './layout'
import { Ledger } from './ledger'
import { Outbox } from './outbox'
import type { Outputs } from './outputs'
import { Approvals, Mailbox } from './people'
import { Records } from './records'
import { Scopes } from './scopes'
import type { Sources } from './sources'
import { Steps } from './steps'
import { archiveTables, effectTables, type LateTables, outboxTables, rareTables } from './tables'
import { Timers } from './timers'

export type RunRow = {
  id: string
  tenant_id: string
  workflow: string
  workflow_version: string
  definition: string
  trigger: RunTrigger
  input: string
  vars: string
  status: RunStatus
  outputs: string | null
  outputs_ref: string | null
  error: string | null
  title: string | null
  document_id: string | null
  forked_from: string | null
  created_at: string
  updated_at: string
  ended_at: string | null
  cost_micro_usd: number
  revision: number
  projected_revision: number
  drive_failures: number
  /** Who started it, and from where; absent in runs from before this was kept. */
  origin?: string | null
}

const GIVEN = [
  'id',
  'tenant_id',
  'workflow',
  'workflow_version',
  'definition',
  'trigger',
  'input',
  'vars',
  'title',
  'document_id',
  'forked_from',
  'origin',
] as const satisfies (keyof RunRow)[]

/** As the table fills in what a new run does not have. */
const NEW_RUN = {
  status: 'running',
  outputs: null,
  outputs_ref: null,
  error: null,
  ended_at: null,
  cost_micro_usd: 0,
  revision: 1,
  projected_revision: 0,
  drive_failures: 0,
} as const

/** Everything that one run has recorded, and the clock and ids it records with. Rules read and write it inside one transaction. */
export class RunState {
  readonly steps: Steps
  readonly scopes: Scopes
  readonly timers: Timers
  readonly outbox: Outbox
  readonly events: EventLog
  readonly ledger: Ledger
  readonly approvals: Approvals
  readonly mailbox: Mailbox
  readonly records: Records
  readonly archived: LateTables
  private readonly acting: LateTables
  private readonly queueing: LateTables
  private readonly rare: LateTables
  private cachedRow: RunRow | undefined
  private cachedLayout: Layout | undefined
  private cachedDefinition: WorkflowDefinition | undefined

  constructor(
    readonly sql: SqlStorage,
    readonly outputs: Outputs,
    readonly now: () => Date,
    readonly newId: NewId,
    readonly random: () => number,
    readonly sources: Sources,
  ) {
    this.acting = effectTables(sql)
    this.queueing = outboxTables(sql)
    this.rare = rareTables(sql)
    this.archived = archiveTables(sql)
    this.steps = new Steps(sql)
    this.scopes = new Scopes(sql)
    this.timers = new Timers(sql)
    this.outbox = new Outbox(sql, this.queueing)
    this.events = new EventLog(sql, this.archived, () => this.run.id)
    this.ledger = new Ledger(sql, this.acting)
    this.approvals = new Approvals(sql, this.rare)
    this.mailbox = new Mailbox(sql, this.rare)
    this.records = new Records(sql, this.rare)
  }

  get run(): RunRow {
    this.cachedRow ??= this.sql.exec<RunRow>('SELECT * FROM run LIMIT 1').one()
    return this.cachedRow
  }

  /** Writes the row of a new run. */
  create(given: Pick<RunRow, (typeof GIVEN)[number]>): void {
    const at = this.at()
    this.sql.exec(
      `INSERT INTO run (${GIVEN.join(', ')}, status, created_at, updated_at) VALUES (${GIVEN.map(() => '?').join(', ')}, 'running', ?, ?)`,
      ...GIVEN.map((column) => given[column] ?? null),
      at,
      at,
    )
    this.cachedRow = { ...NEW_RUN, ...given, created_at: at, updated_at: at }
  }

  get definition(): WorkflowDefinition {
    this.cachedDefinition ??= JSON.parse(this.run.definition) as WorkflowDefinition
    return this.cachedDefinition
  }

  get layout(): Layout {
    this.cachedLayout ??= layoutOf(this.definition)
    return this.cachedLayout
  }

  /** Drops what is cached of the rows: after a rolled-back transaction. */
  reload(): void {
    this.cachedRow = undefined
    for (const part of this.parts()) part.reload()
  }

  /** The tables were made just now: nothing needs to be looked up in them. */
  begin(): void {
    for (const part of this.parts()) part.begin()
  }

  private parts() {
    return [
      this.steps,
      this.scopes,
      this.ledger,
      this.timers,
      this.outbox,
      this.events,
      this.archived,
      this.acting,
      this.queueing,
      this.rare,
    ]
  }

  at(): string {
    return this.now().toISOString()
  }

  emit(type: EventType, stepKey: string | undefined, body: Record<string, unknown> = {}): void {
    this.events.append(this.at(), type, stepKey, body)
  }

  /** Changes the run's row; every change is a new revision for the projection. An empty one says that what else stands in the list has changed. */
  update(change: Partial<Pick<RunRow, 'status' | 'outputs' | 'outputs_ref' | 'error' | 'ended_at' | 'cost_micro_usd'>>): void {
    const row = { ...this.run, ...change, updated_at: this.at(), revision: this.run.revision + 1 }
    this.sql.exec(
      'UPDATE run SET status = ?, outputs = ?, outputs_ref = ?, error = ?, ended_at = ?, cost_micro_usd = ?, updated_at = ?, revision = ?',
      row.status,
      row.outputs,
      row.outputs_ref,
      row.error,
      row.ended_at,
      row.cost_micro_usd,
      row.updated_at,
      row.revision,
    )
    this.cachedRow = row
  }

  noteProjected(revision: number): void {
    this.sql.exec('UPDATE run SET projected_revision = ?', revision)
    this.cachedRow = { ...this.run, projected_revision: revision }
  }

  noteDriveFailures(count: number): void {
    this.sql.exec('UPDATE run SET drive_failures = ?', count)
    this.cachedRow = undefined
  }

  get isLive(): boolean {
    return this.run.status === 'running' || this.run.status === 'waiting'
  }

  end(
    status: 'completed' | 'failed' | 'cancelled',
    change: { outputs?: string | null; outputs_ref?: string | null; error?: (Refusal & { stepKey?: string }) | undefined } = {},
  ): void {
    const { error, ...outputs } = change
    this.update({ status, ended_at: this.at(), error: error === undefined ? null : JSON.stringify(error), ...outputs })
    this.timers.clearWork()
    this.outbox.clear()
  }
}
