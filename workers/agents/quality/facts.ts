import type { Field } from '../../skills/extract/schema'
import type { CheckInput } from './schema'

/** The fields of a document by name, as the checks read them. */
export interface Facts {
  input: CheckInput
  field(name: string): Field | undefined
  number(name: string): number | undefined
  text(name: string): string | undefined
}

export function factsOf(input: CheckInput): Facts {
  const byName = new Map(input.fields.map((field) => [field.name, field]))
  return {
    input,
    field: (name) => byName.get(name),
    number(name) {
      const value = byName.get(name)?.normalized
      return typeof value === 'number' ? value : undefined
    },
    text(name) {
      const value = byName.get(name)?.normalized
      return typeof value === 'string' && value !== '' ? value : undefined
    },
  }
}
