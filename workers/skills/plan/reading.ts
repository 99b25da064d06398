import type { Json } from '../../domain/json'
import { CLASS_FIELDS } from '../extract/schema'
import { keywordsOf } from './documents'
import type { NamedField } from './fields'
import type { Draft, Place } from './scope'

/** Reads the document, once in a place. */
export function readDocument(draft: Draft, place: Place): void {
  if (place.known.has('ingestion.parse')) return
  if (draft.has('ingestion.parse')) draft.operate(place, 'ingestion.parse', '', { documentId: `\${{ ${place.document} }}` })
  else draft.leaveOut('Reading the document: there is no operation ingestion.parse.')
}

/** Sees to it that an operation on the document has been done by here. */
export function ensure(draft: Draft, place: Place, operation: Reading, from: string): boolean {
  if (place.known.has(operation)) return true
  if (!draft.has(operation)) return false
  readDocument(draft, place)
  READINGS[operation](draft, place, from)
  return true
}

const document = (place: Place) => ({ documentId: `\${{ ${place.document} }}` })

/** The class by name: what was found, or the only one that the goal speaks of. */
function classInput({ understanding }: Draft, { known }: Place): Record<string, Json> {
  const [only, ...others] = understanding.classes
  if (known.has('analysis.classify') && understanding.labels.length === 0) return { class: known.value('analysis.classify', '.class') }
  return only !== undefined && others.length === 0 ? { class: only } : {}
}

const property = ({ words, isNumber }: NamedField): Json => ({ type: isNumber ? 'number' : 'string', 'x-labels': [words] })

function extract(draft: Draft, place: Place, from: string): void {
  const { fields } = draft.understanding
  const ofClass = classInput(draft, place)
  const custom = fields.filter(({ isCustom }) => isCustom)
  const own = CLASS_FIELDS[String(ofClass.class)]
  const needsSchema =
    custom.length > 0 || (own === undefined ? fields.length > 0 && !draft.checks : fields.some(({ name }) => !own.includes(name)))
  // A check looks at the fields of the class, whatever else is wanted.
  const also = draft.checks ? (own ?? []).filter((name) => !fields.some((field) => field.name === name)) : []
  const schema = {
    type: 'object',
    properties: Object.fromEntries([
      ...fields.map((field) => [field.name, field.isCustom ? property(field) : {}] as const),
      ...also.map((name) => [name, {}] as const),
    ]),
  }
  draft.operate(place, 'analysis.extract', from, { ...document(place), ...ofClass, ...(needsSchema && { schema }) })
  if (custom.length > 0)
    draft.assume(
      `Fields that no document class knows are looked for beside their own names: ${custom
        .map(({ words }) => words)
        .join(', ')}. Add other labels under x-labels where documents name them differently.`,
    )
}

function classify(draft: Draft, place: Place, from: string): void {
  const { labels } = draft.understanding
  const own = labels.map((name) => ({ name, keywords: keywordsOf(name) }))
  draft.operate(place, 'analysis.classify', from, { ...document(place), ...(own.length > 0 && { labels: own }) })
  if (own.length > 0)
    draft.assume(`The classes ${labels.join(', ')} are told apart by their names as keywords; add the words that your documents use.`)
}

function check(draft: Draft, place: Place, from: string): void {
  if (!ensure(draft, place, 'analysis.extract', from)) return
  const { known } = place
  draft.operate(place, 'quality.check', from, {
    ...document(place),
    class: known.value('analysis.extract', '.class'),
    fields: known.value('analysis.extract', '.fields'),
    lineItems: known.value('analysis.extract', '.lineItems'),
  })
}

function summarise(draft: Draft, place: Place, from: string): void {
  const style = /bullet|stichpunkt/i.test(draft.goal.text)
    ? 'bullets'
    : /detailed|long summar|ausführlich/i.test(draft.goal.text)
      ? 'long'
      : 'short'
  draft.operate(place, 'analysis.summarise', from, { ...document(place), ...classInput(draft, place), style })
}

function pii(draft: Draft, place: Place, from: string): void {
  const mask = /redact|anonymi|pseudonymi|schwärz|mask/i.test(draft.goal.text)
  draft.operate(place, 'analysis.pii', from, { ...document(place), mask })
  if (mask) draft.assume('Masked text goes into messages and mails; the stored document and what is indexed of it stay as they are.')
}

function rewrite(draft: Draft, place: Place, from: string): void {
  const style = /formal|förmlich/i.test(draft.goal.text) ? 'formal' : /shorter|kürzer|shorten/i.test(draft.goal.text) ? 'shorter' : 'plain'
  draft.operate(place, 'analysis.rewrite', from, { ...document(place), style })
}

function index(draft: Draft, place: Place, from: string): void {
  const collection = collectionOf(draft)
  const { known } = place
  const metadata: Json = known.has('analysis.classify') ? { class: known.value('analysis.classify', '.class') } : {}
  draft.operate(place, 'analysis.index', from, { ...document(place), collection: `\${{ vars.${collection} }}`, metadata })
}

const NO_NAME = /^(?:of|for|and|in|from|with|which|that|und|der|die|das|mit|als|durchsuchbar|on|where|if|aus|an|ein)$/i

/** The variable that names the collection. */
export function collectionOf(draft: Draft): string {
  const found =
    /(?<![\p{L}])(?:collections?|sammlung)\s+["'“„]?(?<name>[\p{L}\d][\p{L}\d_-]*)|(?:the|our|a|unserer?|der)\s+["'“„]?(?<before>[\p{L}\d-]+)["'”“]?\s+(?:collection|sammlung)/iu.exec(
      draft.goal.text,
    )
  const name = found?.groups?.name ?? found?.groups?.before
  const isName = name !== undefined && /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name) && !NO_NAME.test(name)
  if (!isName) draft.assume('No collection was named, so the collection “default” is used: change vars.collection.')
  return draft.variable('collection', isName ? name : 'default', 'The collection in which passages are searched.')
}

/** What can be found out about one document, and how. */
const READINGS = {
  'analysis.extract': extract,
  'analysis.classify': classify,
  'analysis.summarise': summarise,
  'analysis.index': index,
  'analysis.pii': pii,
  'analysis.rewrite': rewrite,
  'quality.check': check,
  'analysis.tags': plainReading('analysis.tags'),
  'analysis.entities': plainReading('analysis.entities'),
  'analysis.relations': plainReading('analysis.relations'),
  'analysis.sentiment': plainReading('analysis.sentiment'),
  'analysis.injection': plainReading('analysis.injection'),
  'analysis.language': plainReading('analysis.language'),
} satisfies Record<string, (draft: Draft, place: Place, from: string) => void>
export type Reading = keyof typeof READINGS

export const isReading = (deed: string): deed is Reading => Object.hasOwn(READINGS, deed)

function plainReading(operation: string) {
  return (draft: Draft, place: Place, from: string): void => void draft.operate(place, operation, from, document(place))
}
