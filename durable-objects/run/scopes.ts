import { type ScopePath, scopeText } from './layout'
import { type Question, Rows } from './rows'
import type { StoredOutput } from './steps'

export type ScopeStatus = 'queued' | 'ready' | 'suspended' | 'completed' | 'failed'
export type ScopeRow = {
  scope: string
  path: string
  parent_key: string | null
  label: string
  idx: number
  item: string | null
  status: ScopeStatus
  interrupt_id: string | null
  /** Key of the step that the sequence waits for. */
  asked: string | null
  answer: string | null
  output: string | null
  output_ref: string | null
}

/** What a suspended sequence is answered with: go on, jump, or look again at a step that failed. */
export interface Answer {
  goto?: string
  again?: true
}

const COLUMNS = [
  'scope',
  'path',
  'parent_key',
  'label',
  'idx',
  'item',
  'status',
  'interrupt_id',
  'asked',
  'answer',
  'output',
  'output_ref',
] as const satisfies (keyof ScopeRow)[]

const UNASKED = { interrupt_id: null, asked: null, answer: null, output: null, output_ref: null }

const withStatus = (status: ScopeStatus): Question<ScopeRow> => ({
  where: 'status = ?',
  bindings: [status],
  test: (row) => row.status === status,
})

/** Sequences of a run: the top, each branch, each forEach item. One row is one LangGraph thread. */
export class Scopes {
  private readonly rows: Rows<ScopeRow>

  constructor(sql: SqlStorage) {
    this.rows = new Rows(sql, { name: 'scopes', key: 'scope', columns: COLUMNS, order: 'idx' })
  }

  insert(path: ScopePath, scope: { parentKey?: string; label: string; index: number; item?: unknown; status: ScopeStatus }): void {
    this.rows.put({
      ...UNASKED,
      scope: scopeText(path),
      path: JSON.stringify(path),
      parent_key: scope.parentKey ?? null,
      label: scope.label,
      idx: scope.index,
      item: scope.item === undefined ? null : JSON.stringify(scope.item),
      status: scope.status,
    })
  }

  find(scope: string): ScopeRow | undefined {
    return this.rows.find(scope)
  }

  nextReady(): ScopeRow | undefined {
    return this.rows.any(withStatus('ready'))
  }

  childrenOf(stepKey: string): ScopeRow[] {
    return this.rows.select({ where: 'parent_key = ?', bindings: [stepKey], test: (row) => row.parent_key === stepKey })
  }

  /** Whether sequences of a parallel or forEach step have yet to end. */
  isOpen(stepKey: string): boolean {
    const open = this.rows.any({
      where: "parent_key = ? AND status NOT IN ('completed', 'failed')",
      bindings: [stepKey],
      test: (row) => row.parent_key === stepKey && row.status !== 'completed' && row.status !== 'failed',
    })
    return open !== undefined
  }

  suspend(scope: string, interruptId: string, stepKey: string): void {
    this.rows.change(scope, { status: 'suspended', interrupt_id: interruptId, asked: stepKey, answer: null })
  }

  answer(scope: string, answer: Answer): void {
    this.rows.change(scope, { status: 'ready', answer: JSON.stringify(answer) })
  }

  fail(scope: string): void {
    this.rows.change(scope, { status: 'failed' })
  }

  failed(): ScopeRow[] {
    return this.rows.select(withStatus('failed'))
  }

  /** Back to waiting for the step that it had failed at. */
  reopen(scope: string): void {
    if (this.find(scope)?.status === 'failed') this.rows.change(scope, { status: 'suspended' })
  }

  complete(scope: string, stored: StoredOutput): void {
    this.rows.change(scope, { status: 'completed', answer: null, output: stored.output, output_ref: stored.outputRef })
  }

  /** Lets the next queued sibling begin. */
  promote(parentKey: string): void {
    const next = this.rows.first({
      where: "parent_key = ? AND status = 'queued'",
      bindings: [parentKey],
      test: (row) => row.parent_key === parentKey && row.status === 'queued',
    })
    if (next !== undefined) this.rows.change(next.scope, { status: 'ready' })
  }

  /** The table was made just now. */
  begin(): void {
    this.rows.begin()
  }

  /** Forgets what was found: after a rolled-back transaction. */
  reload(): void {
    this.rows.reload()
  }
}

export const pathOf = (row: ScopeRow): ScopePath => JSON.parse(row.path) as ScopePath
