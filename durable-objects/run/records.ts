import type { StoredOutput } from './steps'
import type { LateTables } from './tables'

export type RecordRow = {
  step_key: string
  input_hash: string | null
  status: string
  output: string | null
  output_ref: string | null
  is_override: number
}

/** What another run recorded for a step, plain so that it can cross from one run object to the next. */
export interface StepRecord extends StoredOutput {
  stepKey: string
  /** Absent: served whatever the input is. */
  inputHash: string | null
  status: string
  isOverride: boolean
}

/** Step results that a forked run takes over instead of doing the step again. */
export class Records {
  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: LateTables,
  ) {}

  insert(records: StepRecord[]): void {
    this.tables.ensure()
    for (const record of records) {
      this.sql.exec(
        'INSERT OR REPLACE INTO records (step_key, input_hash, status, output, output_ref, is_override) VALUES (?, ?, ?, ?, ?, ?)',
        record.stepKey,
        record.inputHash,
        record.status,
        record.output,
        record.outputRef,
        Number(record.isOverride),
      )
    }
  }

  /** The record for a step with this input, if one serves. */
  find(stepKey: string, inputHash: string): RecordRow | undefined {
    if (!this.tables.exist) return undefined
    const row = this.sql.exec<RecordRow>('SELECT * FROM records WHERE step_key = ?', stepKey).toArray()[0]
    return row !== undefined && (row.input_hash === null || row.input_hash === inputHash) ? row : undefined
  }
}
