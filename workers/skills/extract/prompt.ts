import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { provenField } from './proof'
import { layOut } from './reading'
import { CLASS_FIELDS, type ExtractInput, type ExtractOutput, type FieldProperty, GENERIC_FIELDS } from './schema'

const Answer = z.object({ fields: z.array(z.object({ name: z.string(), value: z.string(), quote: z.string() })).max(60) })
type Answer = z.infer<typeof Answer>

const wantedOf = ({ class: documentClass, schema }: ExtractInput): string[] =>
  schema ? Object.keys(schema.properties) : [...(CLASS_FIELDS[documentClass ?? ''] ?? GENERIC_FIELDS)]

/** A property as a sentence for the model. */
function described(name: string, { type, format, description, enum: allowed, items }: FieldProperty): string {
  const columns = items?.properties ? `a JSON array of objects with ${Object.keys(items.properties).join(', ')}` : undefined
  const kind = columns ?? [type, format].filter(Boolean).join(' ')
  return `${name}${kind === '' ? '' : ` (${kind})`}${allowed ? `, one of ${allowed.join(' | ')}` : ''}${description ? `: ${description}` : ''}`
}

/** Asks for values with the words of the document that prove them. Of a text read in parts, the first part that states a field is heard. */
export function extractQuestion(input: ExtractInput): Question<Answer> {
  return {
    name: 'fields',
    purpose: 'extract',
    ...documentOf(input.documentId, input.document),
    task: [
      'Extract these fields from the document: {{ wanted }}. Leave out what the document does not state.',
      '{{ described }}',
      'Copy each value as written; `quote` holds the exact words of the document that state it. Separate several values by "; ".',
    ].join('\n'),
    variables: {
      wanted: wantedOf(input).join(', '),
      described: Object.entries(input.schema?.properties ?? {})
        .map(([name, property]) => described(name, property))
        .join('\n'),
    },
    document: fullText(input.document),
    answer: Answer,
    merge: (answers) => {
      const all = answers.flatMap(({ fields }) => fields)
      return { fields: all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index).slice(0, 60) }
    },
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
    const field = provenField(reading, proposed, input.schema?.properties[proposed.name] ?? {})
    if (!field) continue
    const known = fields.get(field.name)
    if (!known || (known.source !== 'xml' && field.confidence > known.confidence)) fields.set(field.name, field)
  }
  return { ...embedded, fields: [...fields.values()], missing: [...wanted].filter((name) => !fields.has(name)) }
}

const schemaNames = (input: ExtractInput, embedded: ExtractOutput): string[] => wantedOf({ ...input, class: embedded.class })
