import type { Page, Span } from '../domain/documents'
import type { Citation } from '../domain/reports'

type Proof = Pick<Citation, 'status'> & { span: Span }

/**
 * Holds a citation against the text of its document. `verified`: the quote stands at the span. `repaired`: it stands
 * elsewhere on that page, or in other white space, and the span now says where. `unverified`: it does not stand there.
 */
export function verifySpan(span: Span, pages: Pick<Page, 'number' | 'text'>[]): Proof {
  const text = pages.find((page) => page.number === span.page)?.text
  if (text === undefined || span.quote.trim() === '') return { status: 'unverified', span }
  if (text.slice(span.start, span.end) === span.quote) return { status: 'verified', span }
  const place = findQuote(text, span.quote, span.start)
  return place
    ? { status: 'repaired', span: { ...span, ...place, quote: text.slice(place.start, place.end) } }
    : { status: 'unverified', span }
}

/** A quote longer than this is no quote; it also bounds the pattern made of it. */
const MAX_QUOTE = 2_000

/** Where the words of a quote stand in a text, whatever white space is between them: the place nearest to `near`. */
function findQuote(text: string, quote: string, near: number): { start: number; end: number } | undefined {
  if (quote.length > MAX_QUOTE) return undefined
  const words = quote.trim().split(/\s+/).map(escapePattern)
  const places = Array.from(text.matchAll(new RegExp(words.join('\\s+'), 'gu')), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  return places.sort((a, b) => Math.abs(a.start - near) - Math.abs(b.start - near))[0]
}

const escapePattern = (word: string): string => word.replace(/[$()*+.?[\\\]^{|}/]/g, '\\$&')
