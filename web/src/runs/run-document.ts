import type { RunView, StepView } from '../api/types'
import { readFieldSets } from '../documents/fields'

/** The document that a run is about: its input says it, else what was found in it. */
export function runDocumentId({ input }: Pick<RunView, 'input'>, steps: StepView[]): string | undefined {
  if (typeof input === 'object' && input !== null && 'documentId' in input && typeof input.documentId === 'string') return input.documentId
  return readFieldSets(steps).find((set) => set.documentId !== undefined)?.documentId
}
