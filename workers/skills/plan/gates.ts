import type { Condition } from './conditions'
import type { Flag } from './findings'
import { ensure, type Reading } from './reading'
import type { Draft, Place } from './scope'
import type { Test } from './tests'

/** The CEL of a condition, with the steps that it reads written before it. Undefined where a part of it cannot be told. */
export function celOf(draft: Draft, place: Place, condition: Condition, asksPerson: boolean): string | undefined {
  if (condition.kind === 'test') {
    const cel = celOfTest(draft, place, condition, asksPerson)
    // What could not be read is neither above nor below: a comparison is turned around itself.
    return cel !== undefined && condition.negated && condition.test.kind !== 'number' ? negation(cel) : cel
  }
  if (condition.kind === 'unknown') return undefined
  const parts = condition.of.map((one) => celOf(draft, place, one, asksPerson && !condition.negated))
  if (parts.some((part) => part === undefined)) return undefined
  const joined = parts.map((part) => (/\|\||&&/.test(part ?? '') ? `(${part})` : part)).join(condition.kind === 'all' ? ' && ' : ' || ')
  return condition.negated ? negation(joined) : joined
}

const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' } as const

const negation = (cel: string): string => `!(${cel})`

type Leaf = Extract<Condition, { kind: 'test' }>

function celOfTest(draft: Draft, place: Place, leaf: Leaf, asksPerson: boolean): string | undefined {
  const { test, words } = leaf
  switch (test.kind) {
    case 'number':
      return comparison(draft, place, { ...test, words, operator: leaf.negated ? OPPOSITE[test.operator] : test.operator }, asksPerson)
    case 'judged':
      return judgement(draft, place, test, words)
    case 'pages': {
      const limit = draft.variable('pagesLimit', test.value, words)
      const pages = place.known.has('ingestion.parse') ? place.known.output('ingestion.parse', '.pageCount') : undefined
      return pages && `default(${pages}, 0) ${test.operator} vars.${limit}`
    }
    case 'line':
      return `default(item.amount, 0) ${test.operator} vars.${draft.variable('lineLimit', test.value, words)}`
    case 'class':
      return read(draft, place, 'analysis.classify', words, (output) => `${output}.class == ${JSON.stringify(test.name)}`)
    case 'sentiment':
      return read(draft, place, 'analysis.sentiment', words, (output) => `${output}.sentiment == "${test.name}"`)
    case 'language':
      return read(draft, place, 'analysis.language', words, (output) => `${output}.language == "${test.code}"`)
    case 'sender':
      return sender(draft, place, test.value, words)
    case 'absent': {
      const value = fieldValue(draft, place, test.field.name, words)
      return value && `${value} == null`
    }
    case 'text':
      return sameText(draft, place, test, words)
    case 'flag':
      return finding(draft, place, test.flag, words)
  }
}

function read(draft: Draft, place: Place, operation: Reading, words: string, cel: (output: string) => string): string | undefined {
  return ensure(draft, place, operation, words) ? cel(place.known.output(operation)) : undefined
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
  arrived: ['wait', (output) => `${output} != null`],
  changed: ['analysis.compare', (output) => `!${output}.identical`],
  attached: ['ingestion.parse', (output) => `size(${output}.attachments) > 0`],
}

function finding(draft: Draft, place: Place, flag: Flag, words: string): string | undefined {
  const [needs, cel] = FLAGS[flag]
  const isThere = needs in PRIOR || needs === 'ingestion.parse' ? place.known.has(needs) : ensure(draft, place, needs as Reading, words)
  return isThere ? cel(place.known.output(needs)) : undefined
}

function judgement(draft: Draft, place: Place, test: Extract<Test, { kind: 'judged' }>, words: string): string | undefined {
  const limit = draft.variable(`${test.by}Limit`, test.value, words)
  if (test.isAssumed) draft.assume(`“${words}” is taken as a confidence ${test.operator} ${test.value}: change vars.${limit}.`)
  const operation = test.by === 'confidence' ? ('analysis.classify' as const) : ('quality.check' as const)
  return read(draft, place, operation, words, (output) => `${output}.${test.by} ${test.operator} vars.${limit}`)
}

type Comparison = Extract<Test, { kind: 'number' }> & { words: string }

function comparison(draft: Draft, place: Place, test: Comparison, asksPerson: boolean): string | undefined {
  const { field, operator, value, currency, words } = test
  const comment = `${words}${currency ? ` (${currency}, but compared in the document's own currency)` : ''}`
  const limit = draft.variable(`${field.name}Limit`, value, comment)
  draft.assume('Amounts are compared in the currency of the document; nothing is converted.')
  const value$ = fieldValue(draft, place, field.name, words)
  if (value$ === undefined) return undefined
  // What could not be read must not pass unseen.
  if (asksPerson) draft.assume(`Where ${field.name} cannot be read from a document, a person is asked as well.`)
  return asksPerson
    ? `${value$} == null || ${value$} ${operator} vars.${limit}`
    : `${value$} != null && ${value$} ${operator} vars.${limit}`
}

function sameText(draft: Draft, place: Place, { field, value }: Extract<Test, { kind: 'text' }>, words: string): string | undefined {
  const wanted = draft.variable(`${field.name}Is`, value, `${words}: a part of the ${field.words} that tells it, in any case.`)
  const found = fieldValue(draft, place, field.name, words)
  return found && `${found} != null && contains(lower(string(${found})), lower(vars.${wanted}))`
}

function sender(draft: Draft, place: Place, placeholder: string, words: string): string | undefined {
  if (!place.known.has('ingestion.parse')) return undefined
  const wanted = draft.variable('sender', draft.quote(placeholder), `${draft.quote(words)}: the sender of the mail.`)
  return `contains(lower(default(${place.known.output('ingestion.parse', '.metadata.from')}, "")), lower(vars.${wanted}))`
}

/** The output of a step that holds one field's value, or null. */
function fieldValue(draft: Draft, place: Place, field: string, words: string): string | undefined {
  const key = `field:${field}`
  if (!ensure(draft, place, 'analysis.extract', words)) return undefined
  if (!place.known.has(key)) {
    const fields = place.known.output('analysis.extract', '.fields')
    const set = `\${{ default(${fields}.filter(f, f.name == "${field}")[0].normalized, null) }}`
    const id = draft.step(place, 'set', '', { set }, field, `Null where it was not found.`)
    place.known = place.known.with(key, id)
  }
  return place.known.output(key)
}
