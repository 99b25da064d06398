import { type Account, accountKeys, type Ceilings, decideGrant, type Grant, limitOf, RESERVATION_MS } from './budgets'
import { ok, type Result } from './error'
import type { UsageRow } from './usage'

/** Money set aside for calls of one run or request: a slice that several calls may draw on. */
export interface Hold {
  id: string
  /** Keys of the accounts that it lies on, fixed when it was made: a call begun before midnight is paid by that day. */
  accounts: string[]
  amountMicroUsd: number
  expiresAt: number
}

/** Where accounts and holds are kept. Every rule below reads and writes it in one go: run it inside a transaction. */
export interface AccountRows {
  account(key: string): Account | undefined
  putAccount(account: Account): void
  hold(id: string): Hold | undefined
  putHold(hold: Hold): void
  removeHold(id: string): void
  /** Holds that ended at `now` or before. */
  expired(now: number): Hold[]
  /** Notes a settled call; false when it was noted before. */
  noteCall(row: UsageRow): boolean
}

export interface HoldRequest {
  id: string
  runId?: string
  workflow?: string
  neededMicroUsd: number
  wantedMicroUsd: number
}

/** Sets money aside on every account that pays, or on none. Asked again with the same id it gives what it gave. */
export function takeHold(rows: AccountRows, ceilings: Ceilings, request: HoldRequest, at: Date): Result<Grant> {
  const known = rows.hold(request.id)
  if (known !== undefined) return ok({ amountMicroUsd: known.amountMicroUsd, economise: false })
  const now = at.getTime()
  expireHolds(rows, now)
  const accounts = accountKeys(request, at).map(({ key, kind }) => ({
    ...(rows.account(key) ?? { key, kind, spentMicroUsd: 0, heldMicroUsd: 0, lostMicroUsd: 0, updatedAt: now }),
    limitMicroUsd: limitOf(ceilings, kind, request.workflow),
  }))
  const decided = decideGrant(accounts, request.neededMicroUsd, request.wantedMicroUsd)
  if (!decided.ok) return decided
  const { amountMicroUsd } = decided.value
  for (const { limitMicroUsd: _, ...account } of accounts)
    rows.putAccount({ ...account, heldMicroUsd: account.heldMicroUsd + amountMicroUsd, updatedAt: now })
  rows.putHold({ id: request.id, accounts: accounts.map(({ key }) => key), amountMicroUsd, expiresAt: now + RESERVATION_MS })
  return decided
}

export interface SettledCall {
  row: UsageRow
  /** What the call drew from its hold. */
  reservedMicroUsd: number
}

/**
 * Turns what the call drew into what it cost. A call settled before changes nothing. More than it drew is charged all the same, and so
 * is a call whose hold ran out meanwhile: the money is gone, and the next reservation has to see it.
 */
export function settleCall(rows: AccountRows, holdId: string | undefined, call: SettledCall, at: Date): void {
  if (!rows.noteCall(call.row)) return
  const hold = holdId === undefined ? undefined : rows.hold(holdId)
  const drawn = Math.min(call.reservedMicroUsd, hold?.amountMicroUsd ?? 0)
  const keys = hold?.accounts ?? accountKeys(call.row, at)
  for (const each of keys) {
    const { key, kind } = typeof each === 'string' ? { key: each, kind: kindOf(each) } : each
    const account = rows.account(key) ?? { key, kind, spentMicroUsd: 0, heldMicroUsd: 0, lostMicroUsd: 0, updatedAt: 0 }
    rows.putAccount({
      ...account,
      heldMicroUsd: account.heldMicroUsd - drawn,
      spentMicroUsd: account.spentMicroUsd + call.row.actualMicroUsd,
      updatedAt: at.getTime(),
    })
  }
  if (hold !== undefined) rows.putHold({ ...hold, amountMicroUsd: hold.amountMicroUsd - drawn })
}

/** Gives back what is left of a hold. One that is gone changes nothing. */
export function giveBack(rows: AccountRows, holdId: string, at: Date): void {
  const hold = rows.hold(holdId)
  if (hold !== undefined) endHold(rows, hold, at.getTime(), 0)
}

/** Gives back what crashed holders never did. The amount is noted: a provider may have charged for it. */
export function expireHolds(rows: AccountRows, now: number): void {
  for (const hold of rows.expired(now)) endHold(rows, hold, now, hold.amountMicroUsd)
}

function endHold(rows: AccountRows, hold: Hold, now: number, lostMicroUsd: number): void {
  for (const key of hold.accounts) {
    const account = rows.account(key)
    if (account === undefined) continue
    rows.putAccount({
      ...account,
      heldMicroUsd: account.heldMicroUsd - hold.amountMicroUsd,
      lostMicroUsd: account.lostMicroUsd + lostMicroUsd,
      updatedAt: now,
    })
  }
  rows.removeHold(hold.id)
}

const KINDS = { run: 'run', workflow: 'workflow_day', month: 'tenant_month' } as const
const kindOf = (key: string) => KINDS[key.slice(0, key.indexOf('/')) as keyof typeof KINDS]
