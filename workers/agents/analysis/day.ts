import { AppError } from '../../domain/error'

/** Milliseconds by which a zone's clock is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant)
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)?.value)
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(instant / 1000) * 1000
  )
}

/** The instant at which a zone's clock shows a UTC-like time; the second look takes a change of summer time into account. */
function instantOf(local: number, timeZone: string): number {
  const guess = local - offsetAt(local, timeZone)
  return local - offsetAt(guess, timeZone)
}

/** A calendar day as `[from, to)` in ISO instants. Refuses unknown time zones with `invalid`. */
export function dayBounds(date: string, timeZone: string): { from: string; to: string } {
  const start = Date.parse(`${date}T00:00:00Z`)
  try {
    return { from: new Date(instantOf(start, timeZone)).toISOString(), to: new Date(instantOf(start + 86_400_000, timeZone)).toISOString() }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new AppError('invalid', `'${timeZone}' is no time zone: use an IANA name such as Europe/Berlin.`, { cause })
  }
}
