import * as z from 'zod'
import { fullText, Span } from '../../domain/documents'
import { PII_TYPES } from '../../domain/guardrails'
import { skills } from '../../skills'
import { INJECTION_REASONS } from '../../skills/injection/schema'
import { PiiOutput } from '../../skills/pii/schema'
import { RelationsOutput } from '../../skills/relations/schema'
import { SentimentOutput } from '../../skills/sentiment/schema'
import { spanOf } from '../../skills/text/lines'
import { wholeText } from '../../skills/text/whole'
import { defineOperation } from '../agent'
import { settle, skillContext } from './context'
import { readParsed } from './parsed'

const documentId = z.string().min(1)
/** Output goes through queues and graph state: what is rare past this count is left out. */
const MAX_RELATIONS = 200

export const relations = defineOperation({
  summary: 'Finds who works for whom and what lies where, with the sentences that say so.',
  input: z.object({ documentId, limit: z.int().min(1).max(MAX_RELATIONS).default(MAX_RELATIONS) }),
  output: RelationsOutput,
  example: { documentId: 'doc_1' },
  run: async (input, context, ports) =>
    settle(
      context,
      await skills.relations.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports)),
    ),
})

export const sentiment = defineOperation({
  summary: 'Tells which opinion a document expresses, with the sentences that show it.',
  input: z.object({ documentId, limit: z.int().min(1).max(100).default(10) }),
  output: SentimentOutput,
  example: { documentId: 'doc_1' },
  run: async (input, context, ports) =>
    settle(
      context,
      await skills.sentiment.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports)),
    ),
})

export const pii = defineOperation({
  summary: 'Finds personal data in a document and, if asked to, gives its pages with placeholders instead.',
  input: z.object({
    documentId,
    types: z.array(z.enum(PII_TYPES)).min(1).optional(),
    minConfidence: z.number().min(0).max(1).default(0),
    mask: z.boolean().default(false),
    askModel: z.boolean().default(false),
  }),
  output: PiiOutput,
  example: { documentId: 'doc_1', mask: true },
  run: async (input, context, ports) =>
    settle(context, await skills.pii.run({ ...input, document: await readParsed(ports, input.documentId) }, skillContext(context, ports))),
})

export const injection = defineOperation({
  summary: 'Tells whether a document tries to give orders to the model that reads it, with a score and the sentences.',
  input: z.object({ documentId }),
  output: z.object({
    score: z.number(),
    suspicious: z.boolean(),
    findings: z.array(z.object({ reason: z.enum(INJECTION_REASONS), score: z.number(), span: Span })),
  }),
  makes: { own: ['score', 'suspicious'] },
  example: { documentId: 'doc_1' },
  async run(input, context, ports) {
    const document = await readParsed(ports, input.documentId)
    const whole = wholeText(document.pages)
    const answer = await skills.injection.run(
      { text: fullText(document), documentId: input.documentId, role: 'document' },
      skillContext(context, ports),
    )
    const { score, suspicious, findings } = settle(context, answer)
    context.note?.({ injection: { score, suspicious, findings: findings.length } })
    return {
      score,
      suspicious,
      findings: findings.map(({ reason, score: value, start, end }) => ({
        reason,
        score: value,
        span: spanOf(document.pages, whole.rangeAt(start, end), input.documentId),
      })),
    }
  },
})
