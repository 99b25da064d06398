import type { Settlement } from './budgets'

/** One call to a model or paid product, as it was settled. */
export interface UsageRow extends Settlement {
  callId: string
  at: string
  runId?: string
  stepKey?: string
  workflow?: string
  agent?: string
  feature: string
}

/** What usage can be grouped by. */
export const USAGE_GROUPS = ['day', 'workflow', 'run', 'step', 'agent', 'feature', 'provider', 'model'] as const
export type UsageGroup = (typeof USAGE_GROUPS)[number]

export interface UsageQuery {
  groupBy: UsageGroup[]
  /** Calls settled at this time or later. */
  from: string
  /** Calls settled before this time. */
  to: string
  workflow?: string
  runId?: string
  limit: number
}

/** Sums over the calls of one group; `group` holds the value of each dimension asked for, '' where a call had none. */
export interface UsageSum {
  group: Partial<Record<UsageGroup, string>>
  calls: number
  cachedCalls: number
  degradedCalls: number
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
  latencyMs: number
}

/** Settled calls of one tenant, for sums. */
export interface Usage {
  /** A call that is there already stays as it is. */
  insert(rows: UsageRow[]): Promise<void>
  /** Highest cost first. */
  sum(query: UsageQuery): Promise<UsageSum[]>
}

const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/
const BYTE_ORDER_MARK = '\uFEFF'
const SUMS = ['calls', 'cachedCalls', 'degradedCalls', 'inputTokens', 'outputTokens', 'costMicroUsd', 'latencyMs'] as const

/** Sums as CSV: UTF-8 with a byte order mark, CRLF. Names of workflows and models come from people: what looks like a formula gets an apostrophe. */
export function usageCsv(groupBy: readonly UsageGroup[], sums: readonly UsageSum[]): string {
  const rows = [
    [...groupBy, ...SUMS],
    ...sums.map((sum) => [...groupBy.map((group) => sum.group[group] ?? ''), ...SUMS.map((key) => sum[key])]),
  ]
  return `${BYTE_ORDER_MARK}${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
