import type { AccountRows, Hold } from '../../workers/domain/accounts'
import type { Account } from '../../workers/domain/budgets'
import type { UsageRow } from '../../workers/domain/usage'

/** Accounts, holds and calls in memory. */
export function createFakeAccountRows(): AccountRows & {
  accounts: Map<string, Account>
  holds: Map<string, Hold>
  calls: Map<string, UsageRow>
} {
  const accounts = new Map<string, Account>()
  const holds = new Map<string, Hold>()
  const calls = new Map<string, UsageRow>()
  return {
    accounts,
    holds,
    calls,
    account: (key) => accounts.get(key),
    putAccount: (account) => void accounts.set(account.key, account),
    hold: (id) => holds.get(id),
    putHold: (hold) => void holds.set(hold.id, hold),
    removeHold: (id) => void holds.delete(id),
    expired: (now) => [...holds.values()].filter((hold) => hold.expiresAt <= now),
    noteCall: (row) => {
      if (calls.has(row.callId)) return false
      calls.set(row.callId, row)
      return true
    },
  }
}
