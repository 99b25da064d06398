import type { Condition, Flag } from './conditions'
import { ensure, type Reading } from './reading'
import type { Draft, Place } from './scope'

/** The CEL of a condition, with the steps that it reads written before it. Undefined where it cannot be told. */
export function celOf(draft: Draft, place: Place, condition: Condition, asksPerson: boolean): string | undefined {
  const cel = positive(draft, place, condition, asksPerson)
  return cel !== undefined && condition.negated ? `!(${cel})` : cel
}

function positive(draft: Draft, place: Place, condition: Condition, asksPerson: boolean): string | undefined {
  if (condition.kind === 'number') return comparison(draft, place, condition, asksPerson)
  if (condition.kind === 'class')
    return ensure(draft, place, 'analysis.classify', condition.words)
      ? `${place.known.output('analysis.classify', '.class')} == ${JSON.stringify(condition.name)}`
      : undefined
  if (condition.kind === 'sentiment')
    return ensure(draft, place, 'analysis.sentiment', condition.words)
      ? `${place.known.output('analysis.sentiment', '.sentiment')} == "${condition.name}"`
      : undefined
  const [needs, cel] = FLAGS[condition.flag]
  const isThere = needs in PRIOR ? place.known.has(needs) : ensure(draft, place, needs as Reading, condition.words)
  return isThere ? cel(place.known.output(needs)) : undefined
}

/** Not made for a condition: they must have been asked for. */
const PRIOR: Readonly<Record<string, true>> = { approval: true, wait: true, 'analysis.answer': true, 'analysis.compare': true }

const FLAGS: Record<Flag, readonly [needs: string, cel: (output: string) => string]> = {
  pii: ['analysis.pii', (output) => `size(${output}.findings) > 0`],
  suspicious: ['analysis.injection', (output) => `${output}.suspicious`],
  missing: ['analysis.extract', (output) => `size(${output}.missing) > 0`],
  failed: ['quality.check', (output) => `!${output}.passed`],
  duplicate: ['quality.check', (output) => `has(${output}.duplicateOf)`],
  abstained: ['analysis.answer', (output) => `${output}.abstained`],
  rejected: ['approval', (output) => `${output}.decision == "rejected"`],
  approved: ['approval', (output) => `${output}.decision == "approved"`],
  missed: ['wait', (output) => `${output} == null`],
  changed: ['analysis.compare', (output) => `!${output}.identical`],
}

type Comparison = Extract<Condition, { kind: 'number' }>

function comparison(draft: Draft, place: Place, condition: Comparison, asksPerson: boolean): string | undefined {
  const { field, operator, value, currency, words } = condition
  const limit = draft.variable(
    `${field}Limit`,
    value,
    `${words}${currency ? ` (${currency}, but compared in the document's own currency)` : ''}`,
  )
  const judged = field === 'confidence' ? ('analysis.classify' as const) : field === 'score' ? ('quality.check' as const) : undefined
  if (judged !== undefined)
    return ensure(draft, place, judged, words) ? `${place.known.output(judged, `.${field}`)} ${operator} vars.${limit}` : undefined
  draft.assume('Amounts are compared in the currency of the document; nothing is converted.')
  const value$ = fieldValue(draft, place, field, words)
  if (value$ === undefined) return undefined
  // What could not be read must not pass unseen.
  if (asksPerson) draft.assume(`Where ${field} cannot be read from a document, a person is asked as well.`)
  return asksPerson
    ? `${value$} == null || ${value$} ${operator} vars.${limit}`
    : `${value$} != null && ${value$} ${operator} vars.${limit}`
}

/** The output of a step that holds one field's value, or null. */
function fieldValue(draft: Draft, place: Place, field: string, words: string): string | undefined {
  const key = `field:${field}`
  if (!draft.understanding.fields.some(({ name }) => name === field) && draft.understanding.fields.some(({ isCustom }) => isCustom))
    draft.understanding.fields.push({ name: field, words: field, isNumber: true, isCustom: false })
  if (!ensure(draft, place, 'analysis.extract', words)) return undefined
  if (!place.known.has(key)) {
    const fields = place.known.output('analysis.extract', '.fields')
    const set = `\${{ default(${fields}.filter(f, f.name == "${field}")[0].normalized, null) }}`
    const id = draft.step(place, 'set', '', { set }, field, `Null where it was not found.`)
    place.known = place.known.with(key, id)
  }
  return place.known.output(key)
}
