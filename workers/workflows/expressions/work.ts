/**
 * Work that one expression or template may do, in units of about 20 ns. Counted and not timed, because the clock of a Worker stands
 * still while it computes. All of it takes some tens of milliseconds to half a second, whatever the expression does with it.
 */
export const MAX_WORK = 1_000_000
/** Characters that are read or copied in a unit, and items that are. */
const CHARACTERS = 8
const ITEMS = 4

/** Evaluation is synchronous, so one counter serves all. */
let left = MAX_WORK

/** Before each evaluation. */
export const refillWork = (): void => {
  left = MAX_WORK
}

/** Takes units off; false when there were not as many left, and then the evaluation must end. */
export function spendWork(units: number): boolean {
  left -= units
  return left >= 0
}

export const WORK_REFUSAL = 'it does more than an expression may; take a part of the values, or use a forEach step'

/** Units of reading or copying a value once, without what its members hold. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / CHARACTERS
  if (Array.isArray(value)) return 1 + value.length / ITEMS
  if (value instanceof Map) return 1 + value.size / ITEMS
  if (typeof value !== 'object' || value === null || value instanceof Date) return 1
  return 1 + Object.keys(value).length / ITEMS
}

/** Spends for a value with all that its members hold, as a comparison may read it; false as soon as there is no work left. */
export function spendDeep(value: unknown): boolean {
  if (!spendWork(weightOf(value))) return false
  if (typeof value !== 'object' || value === null) return true
  const members = value instanceof Map ? [...value.values()] : Object.values(value)
  return members.every((member) => spendDeep(member))
}
