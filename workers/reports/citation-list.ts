import type { Span } from '../domain/documents'
import type { Citation } from '../domain/reports'

/** Numbers the sources of a report as they are first used; the same place is one source. */
export interface CitationList {
  readonly citations: Citation[]
  /** The indexes to put into a block's `cite`. `source` is the document's name; the page is added. */
  cite(span: Span | null | undefined, source: string, status?: Citation['status'] | null): number[]
}

export function createCitationList(page: (number: number) => string): CitationList {
  const citations: Citation[] = []
  const known = new Map<string, number>()
  return {
    citations,
    cite: (span, source, status) => {
      if (!span) return []
      const label = `${source}, ${page(span.page)}`
      const key = JSON.stringify([span.documentId, label, span.page, span.start, span.end])
      const index = known.get(key) ?? citations.push({ label, span, status: status ?? 'unverified' }) - 1
      known.set(key, index)
      const citation = citations[index]
      // A place first named without its proof, and then with it, is proven.
      if (citation && status) citation.status = status
      return [index]
    },
  }
}
