import { plain } from './scope'

const MAX_TITLE_CHARACTERS = 80

/** The first sentence, without its stop, cut between words. */
export function titleOf(goal: string): string {
  const first =
    plain(goal)
      .split(/(?<=[.!?])\s/)[0]
      ?.replace(/[.!?]+$/, '') ?? ''
  const cut = first.length <= MAX_TITLE_CHARACTERS ? first : `${first.slice(0, MAX_TITLE_CHARACTERS).replace(/\s+\S*$/, '')} …`
  return cut.charAt(0).toUpperCase() + cut.slice(1)
}

const SMALL = new Set([
  'the',
  'a',
  'an',
  'and',
  'or',
  'of',
  'to',
  'it',
  'is',
  'by',
  'in',
  'for',
  'if',
  'when',
  'der',
  'die',
  'das',
  'und',
  'ein',
  'eine',
  'wenn',
  'per',
  'den',
  'es',
  'zu',
  'im',
  'each',
  'every',
])

/** Up to five telling words of the title, as workflows are named. */
export function nameOf(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[^a-z0-9\s-]/g, ' ')
    .split(/[\s-]+/)
    .filter((word) => word !== '' && !SMALL.has(word))
  return words.slice(0, 5).join('-').slice(0, 60).replace(/-+$/, '') || 'planned'
}
