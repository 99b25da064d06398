import type { Page } from '../../domain/documents'

const line = (source: string): RegExp => new RegExp(`^[ \\t]*(?:${source})`, 'iu')

const GREETING = line(
  '(?:dear|hi|hello|hey|good (?:morning|afternoon|evening)|to whom it may concern|hallo|guten (?:tag|morgen|abend)|moin|servus|sehr geehrte[rs]?|liebe[rs]?|bonjour|madame|cher|chère|estimad[oa]s?|hola|gentile|buongiorno|geachte|beste)(?!\\p{L})[^.!?\\n]{0,70}[,!:]?[ \\t]*$',
)
const CLOSING = line(
  '(?:(?:with )?(?:kind|best|warm|many)(?:est)? (?:regards|wishes)|regards|best(?=,?\\s*$)|cheers|thanks(?=,?\\s*$)|many thanks(?=,?\\s*$)|yours (?:sincerely|faithfully|truly)|sincerely|(?:mit )?(?:\\p{L}+ )?gr(?:ü|ue)(?:ß|ss)en?(?: aus \\p{L}+)?|(?:viele|beste|liebe|schöne|herzliche|freundliche) gr(?:ü|ue)(?:ß|ss)e|danke und gruß|gruß|mfg|lg|vg|hochachtungsvoll|cordialement|bien à vous|saludos|atentamente|cordiali saluti|met vriendelijke groet(?:en)?)(?!\\p{L})[^.?\\n]{0,40}$',
)
/** From here on stands what somebody else wrote earlier, or the mark that ends a mail. */
const HISTORY = line(
  '(?:-{2,}[ \\t]*(?:original message|ursprüngliche nachricht|forwarded message|weitergeleitete nachricht)|on .{4,120} wrote:|am .{4,120} schrieb(?: .{0,80})?:|le .{4,120} a écrit :|sent from my|von meinem .{0,30} gesendet)',
)
/** What mail programs put above a signature; elsewhere two dashes may be anything. */
const SIGNATURE = /^-- ?$/
const QUOTED = line('>')
/** A head that mail programs put above what they quote: four such lines one after another. */
const QUOTED_HEAD = line('(?:from|von|de): .{3,}')
const SUBJECT = line('(?:subject|betreff|betr\\.|re|aw|fwd?|objet|asunto|oggetto|onderwerp):?[ \\t]')
/** A longer line above the greeting is prose and no address. */
const MAX_ADDRESS_LINE = 80
const MAX_GREETING_LINE = 40
/** What follows a closing in so many lines is a signature; more is an annex. */
const MAX_SIGNATURE_LINES = 12

/**
 * Pages without what belongs to a letter and not to its matter: address, salutation, closing, signature and the mails that it answers.
 * It is blanked, so that every place stays the same. Pages of other texts, and of letters that hold nothing else, are given as they are.
 */
export function withoutLetterParts(pages: Page[]): Page[] {
  const bodies = pages.map((page) => ({ ...page, text: blanked(page.text) }))
  return bodies.some(({ text }) => /\p{L}{3}/u.test(text)) ? bodies : pages
}

function blanked(text: string): string {
  const lines = text.split('\n')
  const greeting = lines.slice(0, MAX_GREETING_LINE).findIndex((each) => GREETING.test(each))
  const history = lines.findIndex(
    (each, at) => HISTORY.test(each) || (greeting >= 0 && at > greeting && SIGNATURE.test(each)) || isQuotedHead(lines, at),
  )
  const until = history < 0 ? lines.length : history
  const closing = lines.findLastIndex((each, at) => at > greeting && at < until && CLOSING.test(each))
  const isLetter = greeting >= 0 || closing >= 0 || history >= 0
  if (!isLetter) return text
  const signature = closing >= 0 && linesWithText(lines.slice(closing, until)) <= MAX_SIGNATURE_LINES ? closing : until
  const isGone = (at: number, each: string): boolean =>
    at >= signature ||
    at === greeting ||
    QUOTED.test(each) ||
    (at < greeting && each.length <= MAX_ADDRESS_LINE && !SUBJECT.test(each)) ||
    (history >= 0 && at >= history)
  return lines.map((each, at) => (isGone(at, each) ? '\n'.repeat(each.length) : each)).join('\n')
}

const linesWithText = (lines: readonly string[]): number => lines.filter((each) => each.trim() !== '').length

function isQuotedHead(lines: readonly string[], at: number): boolean {
  if (at === 0 || !QUOTED_HEAD.test(lines[at] ?? '')) return false
  const next = lines.slice(at + 1, at + 6)
  return next.filter((text) => /^[ \t]*(?:sent|gesendet|to|an|cc|date|datum|subject|betreff):/iu.test(text)).length >= 2
}
