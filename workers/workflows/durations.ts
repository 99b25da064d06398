const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof UNIT_MS

/** Longest wait: a year. Timers beyond are rather a schedule. */
const MAX_DURATION_MS = 366 * UNIT_MS.d

export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
export const DURATION_HELP = 'write a number and a unit: 500ms, 30s, 5m, 2h or 7d'

/** Milliseconds of `500ms`, `30s`, `5m`, `2h`, `7d`; undefined for anything else, nothing, or more than a year. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_PATTERN.exec(text.trim())
  if (!match?.[1] || !match[2]) return undefined
  const ms = Math.round(Number(match[1]) * UNIT_MS[match[2] as Unit])
  return ms > 0 && ms <= MAX_DURATION_MS ? ms : undefined
}
