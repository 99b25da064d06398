import type { Json } from '../../domain/json'
import { readSide, readSides } from './contract'
import { canonicalName, isSameName, readCustom } from './custom'
import { fits, kindOf } from './property'
import { namesOf } from './property-labels'
import type { Reading } from './reading'
import type { Field, FieldProperty, FieldSchema } from './schema'

/** A document with what the reader of its class found in it. */
export interface KnownFields {
  reading: Reading
  known: Map<string, Field>
  documentClass: string
}

/** The fields of the caller's schema, under the caller's names; what the document does not show is left out. */
export const readSchema = (document: KnownFields, { properties }: FieldSchema): Field[] =>
  Object.entries(properties).flatMap(([name, property]) => {
    const field = readProperty(document, name, property)
    return field ? [{ ...field, name }] : []
  })

/** A known field where it fits the schema, a side of a contract, else by its labels; labels that the caller gives go before all. */
function readProperty({ reading, known, documentClass }: KnownFields, name: string, property: FieldProperty): Field | undefined {
  const own = namesOf(name, property)
    .map((each) => knownFor(known, each))
    .find((field) => field !== undefined)
  const isList = property.type === 'array' || property.items !== undefined
  const isContract = documentClass === 'contract'
  if (isContract && own?.name === 'parties' && property.items?.properties) return readSides(reading, own, property)
  const fitting = own && (isList ? isListOf(own.normalized, property) : fits(own.normalized, property)) ? own : undefined
  const isSide = isContract && !isList && kindOf(name, property) === 'text' && property.enum === undefined
  return (
    (property['x-labels'] ? readCustom(reading, name, property) : undefined) ??
    fitting ??
    (isSide ? readSide(reading, name, property) : undefined) ??
    readCustom(reading, name, property)
  )
}

/** Under another name than its own a known field must be more than a guess. */
const MIN_RENAMED = 0.5

function knownFor(known: Map<string, Field>, name: string): Field | undefined {
  const meant = canonicalName(name, [...known.keys()])
  const field = known.get(meant)
  return field && (isSameName(meant, name) || field.confidence >= MIN_RENAMED) ? field : undefined
}

const isListOf = (value: Json, { items }: FieldProperty): boolean => Array.isArray(value) && items?.properties === undefined
