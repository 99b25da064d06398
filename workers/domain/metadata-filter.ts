import type { Condition, MetadataFilter, MetadataValue } from './knowledge'

/** Whether a document's facts meet all conditions. A document without a fact that is asked for does not. */
export function meetsFilter(metadata: Record<string, MetadataValue>, filter: MetadataFilter): boolean {
  return Object.entries(filter).every(([name, condition]) => meets([metadata[name] ?? []].flat(), condition))
}

function meets(values: string[], condition: Condition): boolean {
  if (typeof condition === 'string') return values.includes(condition)
  if ('anyOf' in condition) return condition.anyOf.some((value) => values.includes(value))
  if ('allOf' in condition) return condition.allOf.every((value) => values.includes(value))
  const range = rangeOf(condition)
  return values.some((value) => {
    const moment = momentOf(value)
    return moment !== undefined && moment >= range.from && moment < range.before
  })
}

/** A range in milliseconds since 1970, without its end. An end that is no date leaves nothing in it. */
export function rangeOf({ from, to }: { from?: string | undefined; to?: string | undefined }): { from: number; before: number } {
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : (momentOf(from) ?? Number.POSITIVE_INFINITY),
    before: to === undefined ? Number.POSITIVE_INFINITY : endOf(to),
  }
}

const MOMENT = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?)?)?$/

/** The beginning of an ISO 8601 year, month, day or time in milliseconds since 1970; a time without a zone is UTC. Undefined for other texts. */
export function momentOf(text: string): number | undefined {
  const match = MOMENT.exec(text)
  if (match === null) return undefined
  const [, year = '', month = '01', day = '01', time = 'T00:00', zone = 'Z'] = match
  const moment = Date.parse(`${year}-${month}-${day}${time}${zone}`)
  // Date.parse takes 31 February for 3 March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).toISOString().startsWith(`${year}-${month}-${day}`)
  return Number.isFinite(moment) && isDay ? moment : undefined
}

/** The moment after all that a text means: the next year, month, day or millisecond. */
function endOf(text: string): number {
  const moment = momentOf(text)
  if (moment === undefined) return Number.NEGATIVE_INFINITY
  const [year = 1970, month, day] = text.slice(0, 10).split('-').map(Number)
  if (month === undefined) return Date.UTC(year + 1, 0, 1)
  if (day === undefined) return Date.UTC(year, month, 1)
  return text.includes('T') ? moment + 1 : moment + 24 * 60 * 60 * 1000
}
