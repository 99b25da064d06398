import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { PII_TYPES } from '../../domain/guardrails'
import { documentOf, type Question } from '../ask'
import type { PiiInput } from './schema'

const Answer = z.object({ found: z.array(z.object({ type: z.enum(PII_TYPES), text: z.string().min(2).max(300) })).max(300) })
export type PiiAnswer = z.infer<typeof Answer>

/** Asks for personal data exactly as written; what the rules prove is theirs already. */
export const piiQuestion = ({ document, documentId }: Pick<PiiInput, 'document' | 'documentId'>): Question<PiiAnswer> => ({
  name: 'personal-data',
  task: 'List all personal data in the document: names of people and organisations, places, postal addresses, numbers of persons and accounts, dates of birth, ages. Give each exactly as written.',
  ...documentOf(documentId, document),
  document: fullText(document),
  answer: Answer,
})
