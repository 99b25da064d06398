import { fullText } from '../../domain/documents'
import { classifyEmbedded } from '../classify/embedded'
import { extractEmbedded } from '../extract/embedded'
import { detectLanguage } from '../language/embedded'
import { bodyPages } from '../text/body'
import { withoutLetterParts } from '../text/letter'
import { spanOf } from '../text/lines'
import { leadSentence } from './lead'
import { rankSentences } from './rank'
import type { SummariseInput, SummariseOutput } from './schema'
import { statementsOf, subjectOf } from './statements'
import { describeTables } from './tables'

const COUNTS = { short: 2, long: 7, bullets: 5 } as const
/** Sentences of the text beside a lead that already says the essence. */
const COUNTS_AFTER_LEAD = { short: 0, long: 4, bullets: 3 } as const
const FIRST_CHARS = 240

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The beginning of the text, for documents without a sentence. */
function beginning({ document, documentId }: SummariseInput): SummariseOutput['sentences'] {
  const page = withoutLetterParts(bodyPages(document)).find((candidate) => candidate.text.trim() !== '')
  if (!page) return []
  const start = page.text.search(/\S/)
  const cut = page.text.slice(start, start + FIRST_CHARS)
  const end = start + (cut.length < FIRST_CHARS ? cut.trimEnd().length : Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'), 40))
  return [{ text: flat(page.text.slice(start, end)), spans: [spanOf(document.pages, { page: page.number, start, end }, documentId)] }]
}

/** A summary of the document's own sentences, led by its fields for invoices, receipts, orders and contracts. */
export function summariseEmbedded(input: SummariseInput): SummariseOutput {
  const { document, documentId, style } = input
  const documentClass = input.class ?? classifyEmbedded(document).class
  const fields = input.fields ?? extractEmbedded({ document, documentId, class: documentClass }).fields
  const lead = leadSentence(documentClass, fields, detectLanguage(fullText(document)).language)
  const tables = lead ? [] : describeTables(input)
  if (tables.length > 0) return toSummary(tables, style)
  const candidates = statementsOf(document)
  const subject = documentClass === 'contract' ? subjectOf(candidates) : undefined
  const count = (lead ? COUNTS_AFTER_LEAD[style] : COUNTS[style]) - (subject && style !== 'short' ? 1 : 0)
  const ranked =
    count > 0
      ? rankSentences(
          candidates.filter((sentence) => sentence !== subject),
          count,
        )
      : []
  const body = [...(subject ? [subject] : []), ...ranked]
    .sort((one, other) => one.page - other.page || one.start - other.start)
    .map((sentence) => ({ text: flat(sentence.text), spans: [spanOf(document.pages, sentence, documentId)] }))
  const found = [...(lead ? [lead] : []), ...body]
  return toSummary(found.length > 0 ? found : beginning(input), style)
}

function toSummary(sentences: SummariseOutput['sentences'], style: SummariseInput['style']): SummariseOutput {
  const texts = sentences.map((sentence) => sentence.text)
  return { summary: style === 'bullets' ? texts.map((text) => `• ${text}`).join('\n') : texts.join(' '), sentences }
}
