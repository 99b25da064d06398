import type { LegalPlace } from './contract-law'
import { DURATION, durationIn } from './durations'

const NOTICE = [
  new RegExp(`(?:notice(?: period)?|kündigungsfrist)\\s*:\\s*${DURATION}`, 'dgiu'),
  new RegExp(`(?<![\\p{L}\\d])${DURATION}(?:[’']s?)?\\s*(?:prior |advance )?(?:written )?notice(?!\\s*:)`, 'dgiu'),
  new RegExp(
    `(?:kündigungsfrist|frist|préavis|preaviso|preavviso|opzegtermijn)(?:\\s+(?:von|de|di|van|beträgt|jeweils|mindestens)|\\s*:)*\\s+${DURATION}`,
    'dgiu',
  ),
  new RegExp(`notice (?:period )?(?:of|is|:)(?: at least| not less than)?\\s+${DURATION}`, 'dgiu'),
  new RegExp(`notice period\\s+${DURATION}`, 'dgiu'),
  new RegExp(`notice\\b[^.;]{0,60}?\\b(?:at least|not less than|no later than)\\s+${DURATION}\\s+(?:before|prior)`, 'dgiu'),
  new RegExp(`(?:kündig|cancel|terminat)\\p{L}*[^.;]{0,80}?(?:mit|with)\\s+(?:einer\\s+)?${DURATION}\\s+(?:frist|vorlauf|notice)`, 'dgiu'),
]
/** `mit dreimonatiger Kündigungsfrist`. */
const ADJECTIVE = /(?<![\p{L}])(?<duration>\p{L}{3,12}(?<unit>tägig|wöchig|monatig|jährig)e[nr]?)\s+(?:kündigungs)?frist/dgiu
const UNITS: Record<string, string> = { tägig: 'Tage', wöchig: 'Wochen', monatig: 'Monate', jährig: 'Jahre' }

/** How long before its end a contract must be given up; what else is to be announced is not told apart from it. */
export function noticePeriod(text: string): LegalPlace | undefined {
  for (const pattern of NOTICE)
    for (const match of text.matchAll(pattern)) {
      const found = durationIn(match)
      if (found) return { ...found, score: 0.85 }
    }
  for (const match of text.matchAll(ADJECTIVE)) {
    const { duration = '', unit = '' } = match.groups ?? {}
    const count = duration.slice(0, duration.toLowerCase().indexOf(unit.toLowerCase()))
    const [found] = `${count} ${UNITS[unit.toLowerCase()] ?? ''}`.matchAll(new RegExp(`^${DURATION}$`, 'dgiu'))
    const normalized = found && durationIn(found)?.normalized
    if (normalized) return { start: match.index, end: match.index + duration.length, normalized, score: 0.8 }
  }
  return undefined
}
