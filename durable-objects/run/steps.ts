import type { Refusal } from '../../workers/domain/error'
import type { StepStatus, StepView } from '../../workers/domain/runs'
import { type Question, Rows } from './rows'

export type StepRow = {
  position: number
  key: string
  step_id: string
  scope: string
  kind: string
  agent: string | null
  operation: string | null
  status: StepStatus
  attempt: number
  token: string
  interrupt_id: string | null
  input: string | null
  output: string | null
  output_ref: string | null
  error: string | null
  started_at: string | null
  ended_at: string | null
  cost_micro_usd: number
  provider: string | null
  degraded: number | null
}

/** An output as stored: JSON text in the row, or a key in the file store. */
export interface StoredOutput {
  output: string | null
  outputRef: string | null
}
export const NO_OUTPUT: StoredOutput = { output: null, outputRef: null }

const COLUMNS = [
  'position',
  'key',
  'step_id',
  'scope',
  'kind',
  'agent',
  'operation',
  'status',
  'attempt',
  'token',
  'interrupt_id',
  'input',
  'output',
  'output_ref',
  'error',
  'started_at',
  'ended_at',
  'cost_micro_usd',
  'provider',
  'degraded',
] as const satisfies (keyof StepRow)[]

const UNSET = {
  agent: null,
  operation: null,
  attempt: 1,
  token: '',
  interrupt_id: null,
  input: null,
  output: null,
  output_ref: null,
  error: null,
  started_at: null,
  ended_at: null,
  cost_micro_usd: 0,
  provider: null,
  degraded: null,
}

/** The step records of a run. */
export class Steps {
  private readonly rows: Rows<StepRow>
  private lastPosition: number | undefined

  constructor(private readonly sql: SqlStorage) {
    this.rows = new Rows(sql, { name: 'steps', key: 'key', columns: COLUMNS, order: 'position' })
  }

  find(key: string): StepRow | undefined {
    return this.rows.find(key)
  }

  /** Steps of kind http whose attempt is under way. */
  runningHttp(): StepRow[] {
    return this.rows.select({
      where: "kind = 'http' AND status = 'running'",
      test: (row) => row.kind === 'http' && row.status === 'running',
    })
  }

  /** Parallel and forEach steps that are not joined yet. */
  runningContainers(): StepRow[] {
    return this.rows.select({
      where: "status = 'running' AND kind IN ('parallel', 'forEach')",
      test: (row) => row.status === 'running' && isContainer(row),
    })
  }

  /** Whether a step is worked at, or is about to be. A parallel or forEach step runs while its sequences do, which count themselves. */
  isBusy(): boolean {
    const busy = this.rows.any({
      where: "status IN ('pending', 'retrying') OR (status = 'running' AND kind NOT IN ('parallel', 'forEach'))",
      test: (row) => row.status === 'pending' || row.status === 'retrying' || (row.status === 'running' && !isContainer(row)),
    })
    return busy !== undefined
  }

  list(): StepRow[] {
    return this.rows.all()
  }

  count(): number {
    return this.rows.count()
  }

  withStatus(...statuses: StepStatus[]): StepRow[] {
    return this.rows.select(statusIn(statuses))
  }

  has(...statuses: StepStatus[]): boolean {
    return this.rows.any(statusIn(statuses)) !== undefined
  }

  /** Whether the embedded way stood in for a model anywhere. */
  hasDegraded(): boolean {
    return this.rows.any({ where: 'degraded = 1', test: (row) => row.degraded === 1 }) !== undefined
  }

  insert(step: Pick<StepRow, 'key' | 'step_id' | 'scope' | 'kind' | 'status'> & Partial<StepRow>): void {
    this.lastPosition ??= this.sql.exec<{ last: number | null }>('SELECT MAX(position) AS last FROM steps').one().last ?? 0
    this.lastPosition += 1
    this.rows.put({ ...UNSET, ...step, position: this.lastPosition })
  }

  /** A new attempt with a new fencing token: reports of the old one change nothing from here on. */
  nextAttempt(key: string, status: StepStatus, token: string): void {
    const row = this.find(key)
    if (row !== undefined) this.rows.put({ ...row, status, attempt: row.attempt + 1, token })
  }

  setStatus(key: string, status: StepStatus, startedAt?: string): void {
    const row = this.find(key)
    if (row !== undefined) this.rows.put({ ...row, status, started_at: row.started_at ?? startedAt ?? null })
  }

  /** What a person changed in the arguments of a step that waits. */
  changeInput(key: string, input: string): void {
    this.rows.change(key, { input })
  }

  complete(key: string, stored: StoredOutput, at: string, error?: Refusal): void {
    const row = this.find(key)
    if (row === undefined) return
    this.rows.put({
      ...row,
      status: 'completed',
      output: stored.output,
      output_ref: stored.outputRef,
      error: error === undefined ? null : JSON.stringify(error),
      ended_at: at,
      started_at: row.started_at ?? at,
    })
  }

  fail(key: string, error: Refusal, at: string): void {
    this.rows.change(key, { status: 'failed', error: JSON.stringify(error), ended_at: at })
  }

  noteError(key: string, error: Refusal): void {
    this.rows.change(key, { error: JSON.stringify(error) })
  }

  charge(key: string, costMicroUsd: number, provider: string | undefined, degraded: boolean | undefined): void {
    const row = this.find(key)
    if (row === undefined || (costMicroUsd === 0 && provider === undefined && degraded === undefined)) return
    this.rows.put({
      ...row,
      cost_micro_usd: row.cost_micro_usd + costMicroUsd,
      provider: provider ?? row.provider,
      degraded: degraded === undefined ? row.degraded : Number(degraded),
    })
  }

  /** Ends everything that has not ended, and says what that was. */
  cancelOpen(at: string): string[] {
    const open = this.withStatus('pending', 'running', 'retrying', 'waiting')
    for (const row of open) this.rows.put({ ...row, status: 'cancelled', ended_at: at })
    return open.map((row) => row.key)
  }

  /** The table was made just now. */
  begin(): void {
    this.rows.begin()
    this.lastPosition = 0
  }

  /** Forgets what was found: after a rolled-back transaction. */
  reload(): void {
    this.rows.reload()
    this.lastPosition = undefined
  }
}

const isContainer = ({ kind }: StepRow): boolean => kind === 'parallel' || kind === 'forEach'

const statusIn = (statuses: StepStatus[]): Question<StepRow> => ({
  where: `status IN (${statuses.map(() => '?').join(', ')})`,
  bindings: statuses,
  test: (row) => statuses.includes(row.status),
})

/** The last attempt of a step may be given up only by whoever holds its token. */
export const holds = (step: StepRow | undefined, token: string): step is StepRow =>
  step !== undefined && step.token === token && step.status === 'running'

export function toStepView(row: StepRow): StepView {
  return {
    key: row.key,
    stepId: row.step_id,
    scope: row.scope,
    kind: row.kind,
    status: row.status,
    attempt: row.attempt,
    costMicroUsd: row.cost_micro_usd,
    ...(row.agent !== null && { agent: row.agent }),
    ...(row.operation !== null && { operation: row.operation }),
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    ...(row.output !== null && { output: JSON.parse(row.output) }),
    ...(row.output_ref !== null && { outputRef: row.output_ref }),
    ...(row.error !== null && { error: JSON.parse(row.error) }),
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.degraded !== null && { degraded: row.degraded === 1 }),
  }
}
