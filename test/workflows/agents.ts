import * as z from 'zod'
import { type Agent, defineAgent, defineOperation } from '../../workers/agents/agent'

const stub = (input: z.ZodObject) =>
  defineOperation({ summary: 'Stands in.', input, output: z.unknown(), example: {}, run: async () => null })
const documentId = z.string()

/** The operations that the built-in workflows name, by their inputs alone. */
export const agents: Record<string, Agent> = {
  ingestion: defineAgent({ type: 'ingestion', summary: '', operations: { parse: stub(z.object({ documentId })) } }),
  analysis: defineAgent({
    type: 'analysis',
    summary: '',
    operations: {
      classify: stub(z.object({ documentId })),
      extract: stub(z.object({ documentId, class: z.string().optional() })),
      summarise: stub(z.object({ documentId })),
      entities: stub(z.object({ documentId })),
      tags: stub(z.object({ documentId })),
      index: stub(z.object({ documentId, collection: z.string().optional(), metadata: z.record(z.string(), z.string()).optional() })),
      digest: stub(z.object({ date: z.string(), timeZone: z.string().optional() })),
    },
  }),
  quality: defineAgent({
    type: 'quality',
    summary: '',
    operations: {
      check: stub(z.object({ documentId, class: z.string(), fields: z.array(z.unknown()), lineItems: z.array(z.unknown()).optional() })),
    },
  }),
  report: defineAgent({
    type: 'report',
    summary: '',
    operations: {
      write: stub(
        z.object({
          template: z.enum(['document-report', 'inbox-digest']),
          data: z.unknown(),
          formats: z.array(z.enum(['pdf', 'xlsx', 'csv', 'html'])).optional(),
          title: z.string().optional(),
        }),
      ),
    },
  }),
}
