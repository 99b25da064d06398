import type * as z from 'zod'
import type { DocumentResult } from './document-result'

const quoted = (page: number, start: number, quote: string) => ({
  documentId: 'doc_example',
  page,
  start,
  end: start + quote.length,
  quote,
})

/** One invoice as a run leaves it: the example of templates and of the agent that writes them. */
export const EXAMPLE_DOCUMENT: z.input<typeof DocumentResult> = {
  document: { id: 'doc_example', name: 'invoice-2026-0042.pdf', format: 'pdf', pageCount: 1 },
  classification: { class: 'invoice', confidence: 0.97 },
  fields: [
    { name: 'issuer', value: 'Solar Müller GmbH', confidence: 0.95, span: quoted(1, 0, 'Solar Müller GmbH'), status: 'verified' },
    { name: 'invoiceNumber', value: '2026-0042', confidence: 0.99, span: quoted(1, 120, '2026-0042'), status: 'verified' },
    {
      name: 'totalGross',
      value: '1.190,00 €',
      normalized: 1190,
      currency: 'EUR',
      confidence: 0.98,
      span: quoted(1, 640, '1.190,00 €'),
      status: 'verified',
    },
  ],
  lineItems: [{ description: 'Inspection of the roof', quantity: 1, unitPrice: 1000, amount: 1000 }],
  summary: { text: 'Solar Müller GmbH bills the inspection of a roof with 1,190 euros.' },
  tags: ['solar'],
  quality: { score: 1, checks: [{ name: 'totals', passed: true, reason: 'Net and tax add up to the gross total.' }] },
}
