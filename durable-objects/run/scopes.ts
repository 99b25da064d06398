import { type ScopePath, scopeText } from './layout'
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

/** Sequences of a run: the top, each branch, each forEach item. One row is one LangGraph thread. */
export class Scopes {
  constructor(private readonly sql: SqlStorage) {}

  insert(path: ScopePath, scope: { parentKey?: string; label: string; index: number; item?: unknown; status: ScopeStatus }): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO scopes (scope, path, parent_key, label, idx, item, status) VALUES (?, ?, ?, ?, ?, ?, ?)',
      scopeText(path),
      JSON.stringify(path),
      scope.parentKey ?? null,
      scope.label,
      scope.index,
      scope.item === undefined ? null : JSON.stringify(scope.item),
      scope.status,
    )
  }

  find(scope: string): ScopeRow | undefined {
    return this.sql.exec<ScopeRow>('SELECT * FROM scopes WHERE scope = ?', scope).toArray()[0]
  }

  nextReady(): ScopeRow | undefined {
    return this.sql.exec<ScopeRow>("SELECT * FROM scopes WHERE status = 'ready' LIMIT 1").toArray()[0]
  }

  childrenOf(stepKey: string): ScopeRow[] {
    return this.sql.exec<ScopeRow>('SELECT * FROM scopes WHERE parent_key = ? ORDER BY idx', stepKey).toArray()
  }

  suspend(scope: string, interruptId: string, stepKey: string): void {
    this.sql.exec(
      "UPDATE scopes SET status = 'suspended', interrupt_id = ?, asked = ?, answer = NULL WHERE scope = ?",
      interruptId,
      stepKey,
      scope,
    )
  }

  answer(scope: string, answer: Answer): void {
    this.sql.exec("UPDATE scopes SET status = 'ready', answer = ? WHERE scope = ?", JSON.stringify(answer), scope)
  }

  fail(scope: string): void {
    this.sql.exec("UPDATE scopes SET status = 'failed' WHERE scope = ?", scope)
  }

  failed(): ScopeRow[] {
    return this.sql.exec<ScopeRow>("SELECT * FROM scopes WHERE status = 'failed'").toArray()
  }

  /** Back to waiting for the step that it had failed at. */
  reopen(scope: string): void {
    this.sql.exec("UPDATE scopes SET status = 'suspended' WHERE scope = ? AND status = 'failed'", scope)
  }

  complete(scope: string, stored: StoredOutput): void {
    this.sql.exec(
      "UPDATE scopes SET status = 'completed', answer = NULL, output = ?, output_ref = ? WHERE scope = ?",
      stored.output,
      stored.outputRef,
      scope,
    )
  }

  /** Lets the next queued sibling begin. */
  promote(parentKey: string): void {
    this.sql.exec(
      "UPDATE scopes SET status = 'ready' WHERE scope = (SELECT scope FROM scopes WHERE parent_key = ? AND status = 'queued' ORDER BY idx LIMIT 1)",
      parentKey,
    )
  }

  /** A parallel or forEach step whose sequences have all ended and which has not been joined. */
  nextJoin(): string | undefined {
    return this.sql
      .exec<{ key: string }>(
        `SELECT key FROM steps WHERE kind IN ('parallel', 'forEach') AND status = 'running'
         AND NOT EXISTS (SELECT 1 FROM scopes WHERE parent_key = steps.key AND scopes.status NOT IN ('completed', 'failed')) LIMIT 1`,
      )
      .toArray()[0]?.key
  }
}

export const pathOf = (row: ScopeRow): ScopePath => JSON.parse(row.path) as ScopePath
