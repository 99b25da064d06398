import * as z from 'zod'
import { Citation, ReportBlock } from '../domain/reports'
import { defineTemplate } from './template'

/** For workflows that compose a report of their own, block by block. */
export const blocks = defineTemplate({
  name: 'blocks',
  summary: 'A report made of the given headings, texts, figures, tables and charts.',
  input: z.object({
    title: z.string().default('Report'),
    subtitle: z.string().default(''),
    blocks: z.array(ReportBlock),
    citations: z.array(Citation).default([]),
  }),
  needsEvidence: true,
  example: { title: 'Greeting', blocks: [{ kind: 'text', text: 'Hello.' }] },
  build: (input, { locale, createdAt, title }) => ({ ...input, title: title ?? input.title, locale, createdAt }),
})
