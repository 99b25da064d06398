import type { Page } from '../../domain/documents'
import type { PiiFinding, Placeholder } from '../../domain/guardrails'
import { literal } from '../text/pattern'
import { findPii } from './find'
import { mask } from './mask'
import type { PiiAnswer } from './prompt'
import type { PiiInput, PiiOutput } from './schema'

/** A model's names are located, so they are as sure as the tagger's. */
const MODEL_CONFIDENCE = 0.8

type PageFindings = { page: Page; findings: PiiFinding[] }[]

/** What the rules and the tagger find on every page. */
export const searchPages = (pages: Page[]): Promise<PageFindings> =>
  Promise.all(pages.map(async (page) => ({ page, findings: await findPii(page.text) })))

/** Adds what a model names and the pages really hold. */
export const withAnswer = (searched: PageFindings, { found }: PiiAnswer): PageFindings =>
  searched.map(({ page, findings }) => ({
    page,
    findings: [
      ...findings,
      ...found.flatMap(({ type, text }) =>
        [...page.text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${literal(text)}(?![\\p{L}\\p{N}])`, 'gu'))]
          .map((match) => ({ type, start: match.index, end: match.index + match[0].length, text: match[0], confidence: MODEL_CONFIDENCE }))
          .filter(({ start, end }) => !findings.some((other) => start < other.end && end > other.start)),
      ),
    ].sort((a, b) => a.start - b.start),
  }))

/** The skill's answer: filtered as asked for, with counts and, if wanted, the masked pages. */
export function present(searched: PageFindings, { documentId, types, minConfidence, mask: masking }: PiiInput): PiiOutput {
  const wanted = searched.map(({ page, findings }) => ({
    page,
    findings: findings.filter(({ type, confidence }) => confidence >= minConfidence && (types === undefined || types.includes(type))),
  }))
  const findings = wanted.flatMap(({ page, findings: inPage }) =>
    inPage.map(({ type, start, end, text, confidence }) => ({
      type,
      text,
      confidence,
      span: { ...(documentId !== undefined && { documentId }), page: page.number, start, end, quote: text },
    })),
  )
  const counts: Record<string, number> = {}
  for (const { type } of findings) counts[type] = (counts[type] ?? 0) + 1
  return { findings, counts, ...(masking && { masked: maskPages(wanted) }) }
}

function maskPages(wanted: PageFindings): { pages: string[]; placeholders: Placeholder[] } {
  let placeholders: Placeholder[] = []
  const pages = wanted.map(({ page, findings }) => {
    const masked = mask(page.text, findings, placeholders)
    placeholders = masked.placeholders
    return masked.text
  })
  return { pages, placeholders }
}
