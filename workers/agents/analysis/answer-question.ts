import * as z from 'zod'
import { AnswerTrace, type Passage, UnverifiedPolicy } from '../../domain/citations'
import { type ParsedDocument, plainDocument } from '../../domain/documents'
import { AppError } from '../../domain/error'
import { CollectionName, MetadataFilter } from '../../domain/knowledge'
import { SearchMode } from '../../domain/knowledge-graph'
import type { Ports } from '../../domain/ports'
import { skills } from '../../skills'
import { askCollection, DEFAULT_PASSAGES } from '../../skills/answer/ask-collection'
import { AnswerOutput, MAX_PASSAGES, MAX_QUESTION_CHARS } from '../../skills/answer/schema'
import { defineOperation, type StepContext } from '../agent'
import { chunkDocument } from './chunking'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

const MAX_TEXT_CHARACTERS = 50_000

const Input = z
  .object({
    question: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
    collection: CollectionName.optional().describe('`default` unless given.'),
    text: z.string().min(1).max(MAX_TEXT_CHARACTERS).optional().describe('Read in place of a collection.'),
    documentId: z.string().min(1).optional().describe('One document, read in place of a collection.'),
    filter: MetadataFilter.optional(),
    limit: z.int().min(1).max(MAX_PASSAGES).default(DEFAULT_PASSAGES),
    /** `global` asks what all of the collection says, `local` what surrounds the names in the question. */
    mode: SearchMode.default('hybrid'),
    unverified: UnverifiedPolicy.default('drop'),
  })
  .refine(({ collection, text, documentId }) => [collection, text, documentId].filter((source) => source !== undefined).length <= 1, {
    message: "give one of 'collection', 'text' and 'documentId'",
  })
  .refine(({ filter, text, documentId }) => filter === undefined || (text === undefined && documentId === undefined), {
    path: ['filter'],
    message: 'a filter chooses documents of a collection',
  })
type Input = z.output<typeof Input>

/** Answers a question from a collection, a document or a text; an answer that abstains is an output too, on which a workflow can branch. */
export const answerQuestion = defineOperation({
  summary: 'Answers a question from a collection, document or text with verified citations, or says that the sources do not say.',
  input: Input,
  output: AnswerOutput.extend({ trace: AnswerTrace }),
  example: { question: 'When is the invoice due?', collection: 'default' },
  async run({ text, documentId, ...input }, context, ports) {
    if (text !== undefined) return await answerFrom(passagesOf(plainDocument(text), undefined, 'text'), input, context, ports)
    if (documentId !== undefined) {
      const document = await readParsed(ports, documentId)
      const record = await ports.documents.find(documentId)
      return await answerFrom(passagesOf(document, documentId, record?.name ?? documentId), input, context, ports)
    }
    const payer = { ...(ports.purse && { purse: ports.purse }), onCall: context.charge }
    const asked = { ...input, collection: input.collection ?? 'default', payer }
    const answered = await askCollection(ports, asked, skillContext(context, ports), (stage) =>
      context.progress(`${stage.name}: ${stage.status}`),
    )
    return settle(context, answered)
  },
})

/** All of it is read, so there is nothing to search for. */
async function answerFrom(
  passages: Passage[],
  { question, unverified }: Pick<Input, 'question' | 'unverified'>,
  context: StepContext,
  ports: Pick<Ports, 'chatModel' | 'encoder' | 'clock'> & Partial<Pick<Ports, 'prompts'>>,
) {
  if (passages.length > MAX_PASSAGES)
    throw new AppError('too_large', 'The text is too long to be read for one question: index the document and ask its collection.', {
      reason: 'passages',
    })
  const startedAt = ports.clock.now().getTime()
  const answered = await skills.answer.run({ question, passages, unverified }, skillContext(context, ports))
  const ms = ports.clock.now().getTime() - startedAt
  const reason = answered.degraded ? 'No model answered; the embedded way stood in.' : `By ${answered.provider}.`
  const read = passages.map(({ id: passageId, documentId, name }) => ({ passageId, documentId, name, score: 1, scores: {} }))
  return {
    ...settle(context, answered),
    trace: {
      stages: [{ name: 'answer', status: answered.degraded ? ('failed' as const) : ('done' as const), ms, reason }],
      ms,
      passages: read,
      ...(answered.degraded && { degraded: reason }),
    },
  }
}

/** Passages of a text that is stored nowhere name no document: an answer about it is not kept. */
const passagesOf = (document: ParsedDocument, documentId: string | undefined, name: string): Passage[] =>
  chunkDocument(documentId ?? 'text', document).map(({ id, text, context, span: { documentId: _, ...span } }) => ({
    ...{ id, text, context, name, documentId: documentId ?? '' },
    span: documentId === undefined ? span : { ...span, documentId },
  }))
