import type { Json } from '../../domain/json'
import type { Nearest } from './embedded'
import type { PlanOperation } from './schema'
import type { Draft, Place } from './scope'
import type { Act } from './statements'

/** Operations that have writers of their own. */
export const BUILT: ReadonlySet<string> = new Set([
  'ingestion.parse',
  'analysis.analyse',
  'analysis.classify',
  'analysis.extract',
  'analysis.summarise',
  'analysis.entities',
  'analysis.tags',
  'analysis.index',
  'analysis.digest',
  'analysis.answer',
  'analysis.compare',
  'analysis.relations',
  'analysis.sentiment',
  'analysis.pii',
  'analysis.injection',
  'analysis.language',
  'analysis.draft',
  'analysis.rewrite',
  'quality.check',
  'report.write',
  'action.mail',
  'action.webhook',
])

/** Does what no rule knows with an operation of the catalogue that goes by the same name, or whose summary says nearly the same. */
export async function fulfil(draft: Draft, place: Place, { words, ...doing }: Act, nearest?: Nearest): Promise<boolean> {
  const others = [...draft.others(BUILT)]
  const about = doing.deed === 'beyond' ? doing.about : []
  const named = others.find((operation) => isNamed(operation, about.length > 0 ? about : [words]))
  const near = named ? undefined : await nearest?.(draft.quote(words))
  const operation = named ?? others.find((candidate) => keyOf(candidate) === near)
  if (operation === undefined) return false
  draft.assume(`“${draft.quote(words)}” was understood as ${keyOf(operation)}: ${operation.summary}`)
  draft.operate(place, keyOf(operation), words, inputFor(draft, place, operation))
  return true
}

export const keyOf = ({ agent, operation }: Pick<PlanOperation, 'agent' | 'operation'>): string => `${agent}.${operation}`

/** Whether a text names the agent, or its operation by a word that is no everyday one. */
function isNamed({ agent, operation }: PlanOperation, texts: readonly string[]): boolean {
  const names = [agent, operation].filter((name) => name.length > 3)
  return texts.some((text) => names.some((name) => new RegExp(`(?<![\\p{L}])${name.replace(/[^\p{L}\d]+/gu, '[ -]?')}`, 'iu').test(text)))
}

const TEXTS = /^(?:text|body|message|content|comment|description|note|summary|html)$/i
const TITLES = /^(?:title|subject|name|headline)$/i
const VALUES = /^(?:data|payload|fields|values|properties|record)$/i

/** What the operation requires: the document, what is known, or an input of the run. */
function inputFor(draft: Draft, place: Place, { operation, input }: PlanOperation): Record<string, Json> {
  const required = Array.isArray(input.required) ? input.required.map(String) : []
  const properties =
    typeof input.properties === 'object' && input.properties !== null && !Array.isArray(input.properties) ? input.properties : {}
  return Object.fromEntries(required.map((name) => [name, valueFor(draft, place, operation, name, properties[name] ?? {})]))
}

function valueFor(draft: Draft, place: Place, operation: string, name: string, schema: Json): Json {
  if (/^documentId$/i.test(name) && place.known.has('ingestion.parse')) return `\${{ ${place.document} }}`
  if (TEXTS.test(name)) return place.known.text(draft.title)
  if (TITLES.test(name)) return draft.title
  if (VALUES.test(name)) return place.known.members()
  const wanted = `${operation}${name.charAt(0).toUpperCase()}${name.slice(1)}`.replace(/[^A-Za-z0-9]/g, '')
  draft.input(wanted, schema)
  draft.assume(`The goal does not say '${name}' of ${operation}: it comes as input.${wanted}.`)
  return `\${{ input.${wanted} }}`
}
