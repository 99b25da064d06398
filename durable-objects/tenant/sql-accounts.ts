import type { AccountRows, Hold } from '../../workers/domain/accounts'
import type { Account, CeilingKind } from '../../workers/domain/budgets'
import type { UsageRow } from '../../workers/domain/usage'

type AccountRow = { key: string; kind: CeilingKind; spent: number; held: number; lost: number; updated_at: number }
type HoldRow = { id: string; accounts: string; amount: number; expires_at: number }

/** Accounts, holds and settled calls in the object's SQLite. */
export class SqlAccounts implements AccountRows {
  constructor(private readonly sql: SqlStorage) {}

  account(key: string): Account | undefined {
    const row = this.sql.exec<AccountRow>('SELECT * FROM accounts WHERE key = ?', key).toArray()[0]
    return row && toAccount(row)
  }

  putAccount(account: Account): void {
    this.sql.exec(
      `INSERT INTO accounts (key, kind, spent, held, lost, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET spent = excluded.spent, held = excluded.held, lost = excluded.lost, updated_at = excluded.updated_at`,
      account.key,
      account.kind,
      account.spentMicroUsd,
      account.heldMicroUsd,
      account.lostMicroUsd,
      account.updatedAt,
    )
  }

  hold(id: string): Hold | undefined {
    const row = this.sql.exec<HoldRow>('SELECT * FROM holds WHERE id = ?', id).toArray()[0]
    return row && toHold(row)
  }

  putHold({ id, accounts, amountMicroUsd, expiresAt }: Hold): void {
    this.sql.exec(
      'INSERT OR REPLACE INTO holds (id, accounts, amount, expires_at) VALUES (?, ?, ?, ?)',
      id,
      JSON.stringify(accounts),
      amountMicroUsd,
      expiresAt,
    )
  }

  removeHold(id: string): void {
    this.sql.exec('DELETE FROM holds WHERE id = ?', id)
  }

  expired(now: number): Hold[] {
    return this.sql.exec<HoldRow>('SELECT * FROM holds WHERE expires_at <= ?', now).toArray().map(toHold)
  }

  nextExpiry(): number | undefined {
    return this.sql.exec<{ at: number | null }>('SELECT MIN(expires_at) AS at FROM holds').one().at ?? undefined
  }

  noteCall(row: UsageRow): boolean {
    const { rowsWritten } = this.sql.exec(
      'INSERT INTO calls (id, row, settled_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
      row.callId,
      JSON.stringify(row),
      Date.parse(row.at),
    )
    return rowsWritten > 0
  }

  /** Accounts whose key begins so. */
  startingWith(prefix: string): Account[] {
    return this.sql
      .exec<AccountRow>('SELECT * FROM accounts WHERE key >= ? AND key < ?', prefix, `${prefix}\uffff`)
      .toArray()
      .map(toAccount)
  }

  prune(before: number): void {
    this.sql.exec('DELETE FROM accounts WHERE held = 0 AND updated_at < ?', before)
  }
}

const toAccount = ({ key, kind, spent, held, lost, updated_at }: AccountRow): Account => ({
  key,
  kind,
  spentMicroUsd: spent,
  heldMicroUsd: held,
  lostMicroUsd: lost,
  updatedAt: updated_at,
})

const toHold = ({ id, accounts, amount, expires_at }: HoldRow): Hold => ({
  id,
  accounts: JSON.parse(accounts) as string[],
  amountMicroUsd: amount,
  expiresAt: expires_at,
})
