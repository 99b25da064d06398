import * as z from 'zod'
import { fullText } from '../../domain/documents'
import type { Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import { FIELD_SPECS } from './labels'
import { READERS } from './readers'
import { layOut, type Reading } from './reading'
import { CLASS_FIELDS, type ExtractInput, type ExtractOutput, type Field, GENERIC_FIELDS } from './schema'

const Answer = z.object({ fields: z.array(z.object({ name: z.string(), value: z.string(), quote: z.string() })).max(60) })
type Answer = z.infer<typeof Answer>

/** A quote that stands in the document proves a value; one that does not leaves it doubtful. */
const PROVEN = 0.93
const UNPROVEN = 0.35

const wantedOf = ({ class: documentClass, schema }: ExtractInput): string[] =>
  schema ? Object.keys(schema.properties) : [...(CLASS_FIELDS[documentClass ?? ''] ?? GENERIC_FIELDS)]

/** Asks for values with the words of the document that prove them. */
export function extractQuestion(input: ExtractInput): Question<Answer> {
  const described = Object.entries(input.schema?.properties ?? {}).flatMap(([name, { description }]) =>
    description ? [`${name}: ${description}`] : [],
  )
  return {
    name: 'fields',
    task: [
      `Extract these fields from the document: ${wantedOf(input).join(', ')}. Leave out what the document does not state.`,
      ...described,
      'Copy each value as written; `quote` holds the exact words of the document that state it. Separate several values by "; ".',
    ].join('\n'),
    document: fullText(input.document),
    answer: Answer,
  }
}

function fieldFrom(reading: Reading, { name, value, quote }: Answer['fields'][number]): Field {
  const quoted = locate(reading.document.pages, quote)
  const place = locate(reading.document.pages, value) ?? quoted
  const kind = FIELD_SPECS[name]?.kind ?? 'text'
  const read = kind === 'text' ? undefined : READERS[kind](value, reading)[0]
  const list = name === 'parties' ? value.split(/;\s*/) : undefined
  return {
    name,
    value,
    normalized: list ?? read?.normalized ?? value,
    ...(read?.currency && { currency: read.currency }),
    confidence: quoted ? PROVEN : UNPROVEN,
    source: 'model',
    ...(place && { span: spanOf(reading.document.pages, place, reading.documentId) }),
  }
}

/**
 * Model's fields checked against the document and joined with what the embedded way found: exact data wins, then a proven
 * model value, then the embedded one.
 */
export function extractAnswer(input: ExtractInput, answer: Answer, embedded: ExtractOutput): ExtractOutput {
  const reading = layOut(input.document, input.documentId)
  const wanted = new Set(schemaNames(input, embedded))
  const fields = new Map(embedded.fields.map((field) => [field.name, field]))
  for (const proposed of answer.fields.filter((field) => wanted.has(field.name) && field.value.trim() !== '')) {
    const field = fieldFrom(reading, proposed)
    const known = fields.get(field.name)
    if (!known || (known.source !== 'xml' && field.confidence > known.confidence)) fields.set(field.name, field)
  }
  return { ...embedded, fields: [...fields.values()], missing: [...wanted].filter((name) => !fields.has(name)) }
}

const schemaNames = (input: ExtractInput, embedded: ExtractOutput): string[] => wantedOf({ ...input, class: embedded.class })
