import { defineAgent } from './agent'
import { analyse } from './analysis/analyse'
import { digest } from './analysis/digest'
import { indexDocument } from './analysis/index-documents'
import { classify, entities, extract, summarise, tags } from './analysis/skill-operations'

/** Reads what ingestion parsed and says what it is, what it states and what it is about. */
export const analysis = defineAgent({
  type: 'analysis',
  summary: 'Says what documents are, what they state and what they are about, with the places that prove it.',
  operations: { classify, extract, summarise, entities, tags, analyse, index: indexDocument, digest },
})
