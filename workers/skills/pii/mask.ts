import type { MaskedText, PiiFinding, Placeholder } from '../../domain/guardrails'

/** A placeholder, and what a model may make of one: other case, brackets left away. */
const LABEL = /\[([A-Za-z]+(?:_[A-Za-z]+)*_\d+)\]|(?<![\p{L}\p{N}_])([A-Za-z]+(?:_[A-Za-z]+)*_\d+)(?![\p{L}\p{N}_])/gu
const bare = (placeholder: string): string => placeholder.replace(/[[\]]/g, '').toUpperCase()

/**
 * Puts `[PERSON_1]`-like placeholders where findings stand. The same value of the same kind gets the same placeholder, also across
 * texts when the `known` ones are handed on. A label that the text itself holds is never given, and one of the known ones that it
 * holds is masked like a finding, so `unmask(mask(x))` is `x`, whatever `x` holds. Overlapping findings: the first wins.
 */
export function mask(text: string, findings: readonly PiiFinding[], known: readonly Placeholder[] = []): MaskedText {
  const placeholders = [...known]
  const capitals = text.toUpperCase()
  let masked = ''
  let at = 0
  for (const { type, start, end } of [...findings, ...literalLabels(text, known)].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < at || end <= start) continue
    const value = text.slice(start, end)
    let entry = placeholders.find((candidate) => candidate.type === type && candidate.value === value)
    if (entry === undefined) {
      entry = { placeholder: freeLabel(type, capitals, placeholders), type, value }
      placeholders.push(entry)
    }
    masked += text.slice(at, start) + entry.placeholder
    at = end
  }
  return { text: masked + text.slice(at), placeholders }
}

/** Places where a text happens to hold a label that stands for something else already. */
function literalLabels(text: string, known: readonly Placeholder[]): Pick<PiiFinding, 'type' | 'start' | 'end'>[] {
  const types = new Map(known.map(({ placeholder, type }) => [bare(placeholder), type]))
  return [...text.matchAll(LABEL)].flatMap((match) => {
    const type = types.get(bare(match[0]))
    return type === undefined ? [] : [{ type, start: match.index, end: match.index + match[0].length }]
  })
}

function freeLabel(type: string, capitals: string, placeholders: readonly Placeholder[]): string {
  const taken = new Set(placeholders.map(({ placeholder }) => placeholder))
  for (let number = 1; ; number += 1) {
    const label = `${type.toUpperCase()}_${number}`
    // Not even as a part of a longer word: masking may cut that word.
    if (!taken.has(`[${label}]`) && !capitals.includes(label)) return `[${label}]`
  }
}

/** Puts the values back, also where a model changed the case of a placeholder or left its brackets away. */
export function unmask(text: string, placeholders: readonly Placeholder[]): string {
  if (placeholders.length === 0) return text
  const values = new Map(placeholders.map(({ placeholder, value }) => [bare(placeholder), value]))
  return text.replace(LABEL, (whole) => values.get(bare(whole)) ?? whole)
}

/** Puts the values back in every string of a result, keys untouched. */
export function unmaskValue(value: unknown, placeholders: readonly Placeholder[]): unknown {
  if (typeof value === 'string') return unmask(value, placeholders)
  if (Array.isArray(value)) return value.map((item) => unmaskValue(item, placeholders))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unmaskValue(item, placeholders)]))
  return value
}
