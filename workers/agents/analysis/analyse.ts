import * as z from 'zod'
import { skills } from '../../skills'
import { Entity } from '../../skills/entities/schema'
import { Field, LineItem } from '../../skills/extract/schema'
import { SUMMARY_STYLES, SummariseOutput } from '../../skills/summarise/schema'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

const MAX_ENTITIES = 60
const MAX_TAGS = 8

const Output = z.object({
  documentId: z.string(),
  class: z.string(),
  confidence: z.number(),
  language: z.string(),
  fields: z.array(Field),
  lineItems: z.array(LineItem),
  missing: z.array(z.string()),
  ...SummariseOutput.shape,
  entities: z.array(Entity),
  tags: z.array(z.string()),
})

/** All that analysis knows of a document in one step. */
export const analyse = defineOperation({
  summary: 'Classifies a document, reads its fields, summarises it and finds its entities and tags, all in one.',
  input: z.object({ documentId: z.string().min(1), class: z.string().optional(), style: z.enum(SUMMARY_STYLES).default('short') }),
  output: Output,
  example: { documentId: 'doc_1' },
  async run({ documentId, class: given, style }, context, ports) {
    const document = await readParsed(ports, documentId)
    const skill = skillContext(context, ports)
    const named = await skills.classify.run({ document, documentId }, skill)
    const documentClass = given ?? named.class
    await ports.documentClasses?.note(documentId, documentClass)
    context.progress(`It is a document of class ${documentClass}`, 0.2)
    const read = await skills.extract.run({ document, documentId, class: documentClass }, skill)
    context.progress(`Read ${read.fields.length} fields`, 0.5)
    const summary = await skills.summarise.run({ document, documentId, class: documentClass, fields: read.fields, style }, skill)
    const found = await skills.entities.run({ document, documentId, limit: MAX_ENTITIES }, skill)
    const phrases = await skills.tags.run({ document, documentId, limit: MAX_TAGS }, skill)
    const { fields, lineItems, missing, language } = settle(context, read, named, summary, found, phrases)
    return {
      documentId,
      class: documentClass,
      confidence: given ? 1 : named.confidence,
      language,
      fields,
      lineItems,
      missing,
      summary: summary.summary,
      sentences: summary.sentences,
      entities: found.entities,
      tags: phrases.tags.map((tag) => tag.tag),
    }
  },
})
