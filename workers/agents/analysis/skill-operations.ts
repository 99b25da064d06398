import * as z from 'zod'
import { skills } from '../../skills'
import { ClassifyOutput } from '../../skills/classify/schema'
import { EntitiesOutput } from '../../skills/entities/schema'
import { ExtractOutput, Field, FieldSchema } from '../../skills/extract/schema'
import { SUMMARY_STYLES, SummariseOutput } from '../../skills/summarise/schema'
import { TagsOutput } from '../../skills/tags/schema'
import { defineOperation } from '../agent'
import { ClassifyOrder, classifyAsOrdered } from './classify-order'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

const documentId = z.string().min(1)
/** Output goes through queues and graph state: what is rare past these counts is left out. */
const MAX_ENTITIES = 200

export const classify = defineOperation({
  summary: 'Names the class of a document or text: a built-in one, one of your labels, or one that a classifier has learned.',
  input: ClassifyOrder,
  output: ClassifyOutput,
  makes: { madeOf: 'input' },
  example: { documentId: 'doc_1' },
  run: async (input, context, ports) => settle(context, await classifyAsOrdered(input, skillContext(context, ports), ports)),
})

export const extract = defineOperation({
  summary: 'Reads the key fields and line items of a document with their exact places.',
  input: z.object({ documentId, class: z.string().optional(), schema: FieldSchema.optional() }),
  output: ExtractOutput,
  example: { documentId: 'doc_1', class: 'invoice' },
  run: async (input, context, ports) =>
    settle(
      context,
      await skills.extract.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports)),
    ),
})

export const summarise = defineOperation({
  summary: 'Says what a document is about in sentences that point to their places.',
  input: z.object({
    documentId,
    class: z.string().optional(),
    fields: z.array(Field).optional(),
    style: z.enum(SUMMARY_STYLES).default('short'),
  }),
  output: SummariseOutput,
  example: { documentId: 'doc_1', style: 'short' },
  run: async (input, context, ports) =>
    settle(
      context,
      await skills.summarise.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports)),
    ),
})

export const entities = defineOperation({
  summary: 'Finds people, organisations, places, money, dates, addresses and account numbers with their places.',
  input: z.object({ documentId, limit: z.int().min(1).max(MAX_ENTITIES).default(MAX_ENTITIES) }),
  output: EntitiesOutput,
  example: { documentId: 'doc_1' },
  run: async (input, context, ports) =>
    settle(
      context,
      await skills.entities.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports)),
    ),
})

export const tags = defineOperation({
  summary: 'Finds the key phrases of a document.',
  input: z.object({ documentId, limit: z.int().min(1).max(50).default(8) }),
  output: TagsOutput,
  example: { documentId: 'doc_1' },
  run: async (input, context, ports) =>
    settle(context, await skills.tags.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports))),
})
