/** What a person is known by. */
export const SUBJECT_KINDS = ['email', 'phone', 'name'] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]
export interface Subject {
  kind: SubjectKind
  identifier: string
}

/** Finds one person in texts: exact after normalisation, as a whole and not as a part of a longer address, number or word. */
export interface SubjectMatcher {
  finds(text: string): boolean
  /** The text with every place replaced. */
  redact(text: string): string
}

/** What stands where an identifier was. */
export const ERASED = '[erased]'

/** E-mail addresses without regard to case, numbers by their digits with `00` for `+`, names without regard to case and spacing. */
export const normalised = ({ kind, identifier }: Subject): string => NORMALISED[kind](identifier)

const NORMALISED = {
  email: (text) => text.normalize('NFKC').trim().toLowerCase(),
  phone: (text) =>
    text
      .normalize('NFKC')
      .replace(/\(0\)/g, '')
      .replace(/^\s*\+/, '00')
      .replace(/\D/g, ''),
  name: (text) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase(),
} as const satisfies Record<SubjectKind, (text: string) => string>

/** Why an identifier cannot be searched for; undefined for one that can. */
export function problemOf(subject: Subject): string | undefined {
  const text = normalised(subject)
  return {
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? undefined : 'must be one e-mail address',
    phone: /^\d{7,20}$/.test(text) ? undefined : 'must be a telephone number of 7 to 20 digits',
    name: text.length >= 3 && text.includes(' ') ? undefined : 'must be a full name: one word alone would be found in the data of others',
  }[subject.kind]
}

/** Digits with what stands between and around them when people write numbers. */
const NUMBERS = /(?<![\p{L}\p{N}])\+?\(?\d(?:[\s().\-/\u2010-\u2015]{0,3}\d){6,20}(?![\p{L}\p{N}])/gu

export function createMatcher(subject: Subject): SubjectMatcher {
  const wanted = normalised(subject)
  if (subject.kind === 'phone') {
    const isWanted = (number: string) => NORMALISED.phone(number) === wanted
    return {
      finds: (text) => (text.normalize('NFKC').match(NUMBERS) ?? []).some(isWanted),
      redact: (text) => text.replace(NUMBERS, (number) => (isWanted(number) ? ERASED : number)),
    }
  }
  const inText = wanted.split(' ').map(escaped).join('\\s+')
  const edge = subject.kind === 'email' ? '[\\p{L}\\p{N}._%+\\-]' : '[\\p{L}\\p{N}]'
  const after = subject.kind === 'email' ? '(?![\\p{L}\\p{N}\\-]|\\.[\\p{L}\\p{N}])' : `(?!${edge})`
  const pattern = (flags: string) => new RegExp(`(?<!${edge})${inText}${after}`, flags)
  return {
    finds: (text) => pattern('iu').test(text.normalize('NFKC')),
    redact: (text) => text.normalize('NFKC').replace(pattern('giu'), ERASED),
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Every text and number in a value, names of members too, one a line. */
export function textsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return ''
  const members = Array.isArray(value) ? value : Object.entries(value).flat()
  return members.map(textsOf).join('\n')
}

/** The value with every text in it redacted. */
export function redactTexts(value: unknown, matcher: SubjectMatcher): unknown {
  if (typeof value === 'string') return matcher.finds(value) ? matcher.redact(value) : value
  if (Array.isArray(value)) return value.map((item: unknown) => redactTexts(item, matcher))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [redactName(name, matcher), redactTexts(member, matcher)]))
}

const redactName = (name: string, matcher: SubjectMatcher) => (matcher.finds(name) ? matcher.redact(name) : name)
