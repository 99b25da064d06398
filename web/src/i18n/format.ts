import type { Language } from './translate'

const MICROS_PER_USD = 1_000_000
const BYTES_PER_UNIT = 1_000
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Numbers, money, sizes and times as a language writes them. */
export function createFormat(language: Language) {
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  const percent = new Intl.NumberFormat(language, { style: 'percent' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return {
    dateTime: (iso: string): string => dateTime.format(new Date(iso)),
    clock: (iso: string): string => clock.format(new Date(iso)),
    percent: (share: number): string => percent.format(share),
    number: (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value),
    bytes: (size: number): string => formatBytes(size, language),
    cost: (microUsd: number): string => formatCost(microUsd, language),
    ago: (iso: string, now: number): string => formatAgo(iso, now, relative),
    duration: (ms: number): string => (language === 'de' ? formatDuration(ms).replace('.', ',') : formatDuration(ms)),
  }
}
export type Format = ReturnType<typeof createFormat>

/** Two digits for money as people know it, up to six where a call costs less than a cent. */
function formatCost(microUsd: number, language: Language): string {
  const digits = microUsd === 0 || microUsd >= 10_000 ? 2 : 6
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(microUsd / MICROS_PER_USD)
}

function formatBytes(size: number, language: Language): string {
  const power = Math.min(BYTE_UNITS.length - 1, size < 1 ? 0 : Math.floor(Math.log(size) / Math.log(BYTES_PER_UNIT)))
  const unit = BYTE_UNITS[power] ?? 'byte'
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(size / BYTES_PER_UNIT ** power)
}

const AGO_STEPS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

function formatAgo(iso: string, now: number, relative: Intl.RelativeTimeFormat): string {
  const difference = new Date(iso).getTime() - now
  for (const { unit, ms } of AGO_STEPS) if (Math.abs(difference) >= ms) return relative.format(Math.round(difference / ms), unit)
  return relative.format(Math.round(difference / 1_000), 'second')
}

/** `0.4 s`, `12.3 s`, `4:05 min`, `2:04:05 h`: short, of steady width, the same in both languages but for the decimal sign. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`
  const seconds = Math.floor(ms / 1_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)} h`
}
